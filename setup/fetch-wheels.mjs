import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

// The tags of all our wheels say `py3-none`, so any recent version that pip knows works.
const pythonVersion = '3.12';

/**
 * Downloads the wheels in a hash-pinned requirements file with pip and unpacks each into `folder/<distribution>`.
 * pip uses the user's configuration (index, proxy, certificates) and checks every hash.
 */
export async function fetchWheels({ python, requirements, wheelPlatforms, folder, run }) {
  await rm(folder, { recursive: true, force: true });
  const downloads = join(folder, 'downloads');
  await mkdir(downloads, { recursive: true });
  const platforms = wheelPlatforms.flatMap((tag) => ['--platform', tag]);
  await run({
    command: python,
    args: [
      ...['-m', 'pip', 'download', '--require-hashes', '--only-binary=:all:', '--no-deps'],
      ...['--disable-pip-version-check', '--python-version', pythonVersion, ...platforms],
      ...['--dest', downloads, '--requirement', requirements],
    ],
    // Nothing is installed, so a rule that pip must run in a virtual environment does not apply.
    env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' },
  });
  for (const wheel of await readdir(downloads)) {
    const distribution = wheel.slice(0, wheel.indexOf('-'));
    await run({ command: python, args: ['-m', 'zipfile', '-e', join(downloads, wheel), join(folder, distribution)] });
  }
}
