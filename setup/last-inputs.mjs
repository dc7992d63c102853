import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder, stateFolder } from './folders.mjs';

/** Where the last successful set-up stores what it read. The launcher compares it. */
export const lastInputsPath = join(stateFolder, 'last-inputs');

/** The path of the checkout, the lock file, and set-up's own files: everything that the build tools do not watch. */
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
