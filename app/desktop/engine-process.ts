import { allowMoreFileThreads } from '../file-threads.ts';

allowMoreFileThreads();

// After the threads are set, which the first file operation of any module would decide.
const [{ DesktopEngine }, { parentProcessPort }] = await Promise.all([
  import('./desktop-engine.ts'),
  import('./process-port.ts'),
]);

// It lives for as long as its port does.
new DesktopEngine({ port: parentProcessPort(), exit: (code) => process.exit(code) });
