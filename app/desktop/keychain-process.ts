import { answerKeychain } from '../keychain-answer.ts';
import { keychainRequestSchema } from '../keychain-messages.ts';
import { parentProcessPort } from './process-port.ts';

// As `../keychain-process.ts`, but started by the shell: the fuses of the installed program keep the engine from starting a process of it.
const port = parentProcessPort();
port.onMessage((message) => {
  void answerKeychain(keychainRequestSchema.parse(message)).then((answer) => port.post(answer));
});
