import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder, stateFolder } from './folders.mjs';

/** Where the last set-up that succeeded keeps what it read; the launcher compares. */
export const lastInputsPath = join(stateFolder, 'last-inputs');

/** Where the checkout lies, the lock file, and set-up's own files: all that a build tool does not watch by itself. */
export function readInputs() {
  const setup = join(rootFolder, 'setup');
  const files = [setup, join(setup, 'requirements'), join(setup, 'steps')].flatMap(listFiles);
  const contents = [join(rootFolder, 'package-lock.json'), ...files].map((path) => readFileSync(path, 'utf8'));
  return [`${rootFolder}\n`, ...contents].join('');
}

function listFiles(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name }) => join(folder, name)).sort();
}
