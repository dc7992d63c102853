import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';
import { runStepsAlone } from '../../setup/set-up.mjs';
import { writeAtomically } from '../../setup/stamps.mjs';
import { installPython } from './install-python.mjs';

const sources = join(rootFolder, 'test', 'clients');
/** Where the clients are installed; scripts beside `node_modules` find them there and nothing of Hearth's own. */
export const clientsFolder = join(rootFolder, 'build', 'test-clients');
const pythonFolder = join(clientsFolder, 'python');
/** Not that of set-up, which a test may hold for as long as it builds the engine for macOS. */
const lockPath = join(clientsFolder, 'lock');

const npmClients = {
  name: 'test-clients-npm',
  title: 'npm clients for tests',
  needs: ['npm'],
  pinnedBy: ['package.json', 'package-lock.json'].map((name) => join(sources, name)),
  outputs: [join(clientsFolder, 'node_modules')],
  async run({ tools, run }) {
    await mkdir(clientsFolder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) await cp(join(sources, name), join(clientsFolder, name));
    await run({
      command: tools.npm,
      args: ['ci', '--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund'],
      cwd: clientsFolder,
    });
  },
};

/** Installs the npm clients where that has not been done, and puts the scripts beside them. */
export async function installNpmClients() {
  await runStepsAlone([npmClients], { lock: lockPath });
  for (const name of (await readdir(sources)).filter((each) => each.endsWith('.mjs'))) {
    await writeAtomically(join(clientsFolder, name), await readFile(join(sources, name)));
  }
}

/** Installs the Python clients; what is answered is the folder for `PYTHONPATH`. */
export async function installPythonClients() {
  await installPython({
    name: 'test-clients-python',
    title: 'Python clients for tests',
    requirements: 'test/clients/requirements.txt',
    folder: pythonFolder,
  });
  return pythonFolder;
}
