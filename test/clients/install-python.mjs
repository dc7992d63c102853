import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';
import { runStepsAlone } from '../../setup/set-up.mjs';

/**
 * Installs pinned Python packages into a folder for `PYTHONPATH`, where that has not been done with this list of them.
 * `withDependencies: false` takes the list as it is, though a package asks for more.
 */
export async function installPython({ name, title, requirements, folder, withDependencies = true }) {
  const step = {
    name,
    title,
    needs: ['python'],
    pinnedBy: [join(rootFolder, requirements)],
    outputs: [folder],
    async run({ tools, run }) {
      await rm(folder, { recursive: true, force: true });
      await run({
        command: tools.python,
        args: [
          ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--require-hashes'],
          ...['--only-binary', ':all:', '--root-user-action=ignore'],
          ...(withDependencies ? [] : ['--no-deps']),
          ...['--target', folder, '--requirement', join(rootFolder, requirements)],
        ],
      });
    },
  };
  // Not the lock of set-up, which a test may hold for as long as it builds the engine for macOS.
  await runStepsAlone([step], { lock: join(dirname(folder), `${name}.lock`) });
}
