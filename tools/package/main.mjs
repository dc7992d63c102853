import { mkdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { requireTools } from '../../setup/find-tools.mjs';
import { depsFolder, nativeFolder } from '../../setup/folders.mjs';
import { currentPlatform, describePlatform } from '../../setup/platform.mjs';
import { reportSetUpError } from '../../setup/report-set-up-error.mjs';
import { runCommand } from '../../setup/run-command.mjs';
import { runStepsAlone, setUp } from '../../setup/set-up.mjs';
import { SetUpError } from '../../setup/set-up-error.mjs';
import { buildTools } from '../../setup/steps/build-tools.mjs';
import { bundledPackages } from '../../setup/steps/bundled-packages.mjs';
import { libraries } from '../../setup/steps/libraries.mjs';
import { npmPackages } from '../../setup/steps/npm-packages.mjs';
import { typescript } from '../../setup/steps/typescript.mjs';
import { zig } from '../darwin/bring-zig.mjs';
import { darwinAddon } from '../darwin/build-addon.mjs';
import { darwinAddonPath, darwinDepsFolder, darwinFolder, darwinMicrophonePath } from '../darwin/folders.mjs';
import { buildFormula } from './formula.mjs';
import { readVersion, stagePackage } from './stage.mjs';

const usage = `Usage: npm run package -- [--output <folder>] [--url <url>] [--quick]

Builds the release for macOS: hearth-darwin-arm64-<version>.tar.gz and homebrew-hearth, a Homebrew tap.
  --output <folder>  where to write them (default: build/darwin-arm64)
  --url <url>        the URL the archive will be published at (default: the local file)
  --quick            for trying a change: on Linux, an engine that is not optimised; a larger archive
`;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

await packageDarwin().catch((error) => {
  reportSetUpError(error);
  process.exitCode = 1;
});

async function packageDarwin() {
  const { output = darwinFolder, url, quick = false, help } = readArguments();
  if (help) return void process.stdout.write(usage);
  const version = await readVersion();
  // Homebrew reads the version from the end of the name.
  const name = `hearth-darwin-arm64-${version}`;
  const folder = join(darwinFolder, 'stage', name);
  await stagePackage({ folder, ...(await buildEngine({ optimize: !quick })), npm: requireTools(['npm']).npm, run });

  // In a fresh checkout, the package it needs has only been installed by now.
  const { packFolder } = await import('./pack.mjs');
  const archive = join(resolve(output), `${name}.tar.gz`);
  await mkdir(resolve(output), { recursive: true });
  const sha256 = await packFolder({ folder, archive, ...(quick && { level: 1 }) });
  const formula = join(resolve(output), 'homebrew-hearth', 'Formula', 'hearth.rb');
  await mkdir(dirname(formula), { recursive: true });
  await writeFile(formula, buildFormula({ url: url ?? pathToFileURL(archive).href, sha256 }));
  process.stdout.write(`${archive}\n${formula}\n`);
}

function readArguments() {
  const options = {
    output: { type: 'string' },
    url: { type: 'string' },
    quick: { type: 'boolean' },
    help: { type: 'boolean' },
  };
  try {
    return parseArgs({ options }).values;
  } catch (cause) {
    throw new SetUpError(`${cause.message}\n${usage}`, { cause });
  }
}

/** The addon, its libraries and the recorder: set-up's own on a Mac, the cross build elsewhere. */
async function buildEngine({ optimize }) {
  if (process.platform === 'darwin') {
    await setUp();
    const built = join(nativeFolder, 'build', 'Release');
    return { addon: join(built, 'hearth.node'), microphone: join(built, 'hearth-microphone'), deps: depsFolder };
  }
  const target = describePlatform({ platform: 'darwin', arch: 'arm64' });
  await runStepsAlone([
    npmPackages,
    bundledPackages,
    buildTools(currentPlatform()),
    typescript,
    zig,
    libraries(target, { name: 'libraries-darwin', folder: darwinDepsFolder }),
    darwinAddon({ optimize }),
  ]);
  return {
    addon: darwinAddonPath({ optimize }),
    microphone: darwinMicrophonePath({ optimize }),
    deps: darwinDepsFolder,
  };
}

function run(command) {
  return runCommand({ ...command, logPath: join(darwinFolder, 'package.log') });
}
