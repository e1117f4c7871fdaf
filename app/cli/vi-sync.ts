#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { appFolders } from '../app-folders.ts';
import { allowMoreFileThreads } from '../file-threads.ts';

allowMoreFileThreads();

// Halves the time until a command begins. Where the folder can't be written, it just takes longer.
enableCompileCache(path.join(appFolders().cache, 'compiled'));
const { main } = await import('./main.ts');

const exitCode = await main(process.argv.slice(2));
// Everything is written by now. Connections that are kept alive would otherwise keep the process for seconds.
process.exit(exitCode);
