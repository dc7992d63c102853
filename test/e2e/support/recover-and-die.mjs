import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Opens the databases of a home, and kills itself before it renames a file for the nth time: `node recover-and-die.mjs
 * <home> <n>`
 */
const [home, wanted] = process.argv.slice(2);
const { renameSync } = fs;
let renamed = 0;
fs.renameSync = (from, to) => {
  renamed += 1;
  if (renamed === Number(wanted)) process.kill(process.pid, 'SIGKILL');
  renameSync(from, to);
};
syncBuiltinESMExports();
const { openHomeDatabases } = await import('./home-databases.ts');
await openHomeDatabases(home).close();
