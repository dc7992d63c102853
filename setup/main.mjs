import { constants } from 'node:os';
import { reportSetUpError } from './report-set-up-error.mjs';
import { setUp } from './set-up.mjs';

// Exit listeners release the lock and end the running command.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

await setUp().catch((error) => {
  reportSetUpError(error);
  process.exitCode = 1;
});
