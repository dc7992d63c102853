import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import endRun from './end-run.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Processes that tests start run what was compiled, as on a Mac, and start in a third of the time that the sources take.
 * An error in a type is printed, and what could be compiled is tested. What a run that was killed has left may be of another
 * engine.
 */
export default function beginRun() {
  endRun();
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'daemon'], {
    cwd: root,
    stdio: 'inherit',
  });
}
