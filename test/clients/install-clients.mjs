import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';
import { hashInputs } from '../../setup/hash-inputs.mjs';
import { runStepsAlone } from '../../setup/set-up.mjs';

const sources = join(rootFolder, 'test', 'clients');
/** Where the clients are installed; scripts beside `node_modules` find them there and nothing of Hearth's own. */
export const clientsFolder = join(rootFolder, 'build', 'test-clients');
const pythonFolder = join(clientsFolder, 'python');

const npmClients = {
  name: 'test-clients-npm',
  title: 'npm clients for tests',
  needs: ['npm'],
  inputs: () => hashInputs({ root: sources, paths: ['package.json', 'package-lock.json'] }),
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

const pythonClients = {
  name: 'test-clients-python',
  title: 'Python clients for tests',
  needs: ['python'],
  inputs: () => hashInputs({ root: sources, paths: ['requirements.txt'] }),
  outputs: [pythonFolder],
  async run({ tools, run }) {
    await rm(pythonFolder, { recursive: true, force: true });
    await run({
      command: tools.python,
      args: [
        ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--require-hashes'],
        ...['--only-binary', ':all:', '--root-user-action=ignore'],
        ...['--target', pythonFolder, '--requirement', join(sources, 'requirements.txt')],
      ],
      cwd: clientsFolder,
    });
  },
};

/** Installs the npm clients where that has not been done, and puts the scripts beside them. */
export async function installNpmClients() {
  await runStepsAlone([npmClients]);
  for (const name of await readdir(sources)) {
    if (name.endsWith('.mjs')) await cp(join(sources, name), join(clientsFolder, name));
  }
}

/** Installs the Python clients; what is answered is the folder for `PYTHONPATH`. */
export async function installPythonClients() {
  await mkdir(clientsFolder, { recursive: true });
  await runStepsAlone([pythonClients]);
  return pythonFolder;
}
