import { mkdir, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { darwinAddonPath, darwinDepsFolder, darwinFolder } from './darwin/folders.mjs';
import { requireTools } from './find-tools.mjs';
import { depsFolder, nativeFolder } from './folders.mjs';
import { buildFormula } from './package/formula.mjs';
import { readVersion, stagePackage } from './package/stage.mjs';
import { currentPlatform, describePlatform } from './platform.mjs';
import { reportSetUpError } from './report-set-up-error.mjs';
import { runCommand } from './run-command.mjs';
import { runStepsAlone, setUp } from './set-up.mjs';
import { SetUpError } from './set-up-error.mjs';
import { buildTools } from './steps/build-tools.mjs';
import { darwinAddon } from './steps/darwin-addon.mjs';
import { libraries } from './steps/libraries.mjs';
import { npmPackages } from './steps/npm-packages.mjs';
import { typeScript } from './steps/type-script.mjs';
import { zig } from './steps/zig.mjs';

const usage = `Usage: npm run package -- [--output <folder>] [--url <url>]

Makes what a Mac gets: hearth-darwin-arm64-<version>.tar.gz, and homebrew-hearth, a tap of Homebrew with its formula.
  --output <folder>  where they go (default: build/darwin-arm64)
  --url <url>        where the archive will be found (default: the file itself)
`;

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

await packageDarwin().catch((error) => {
  reportSetUpError(error);
  process.exitCode = 1;
});

async function packageDarwin() {
  const { output = darwinFolder, url, help } = readArguments();
  if (help) return void process.stdout.write(usage);
  const version = await readVersion();
  // Homebrew reads the version at the end of the name.
  const name = `hearth-darwin-arm64-${version}`;
  const folder = join(darwinFolder, 'stage', name);
  await stagePackage({ folder, ...(await buildEngine()), npm: requireTools(['npm']).npm, run });

  // Its library is there only now, in a fresh checkout.
  const { packFolder } = await import('./package/pack.mjs');
  const archive = join(resolve(output), `${name}.tar.gz`);
  await mkdir(resolve(output), { recursive: true });
  const sha256 = await packFolder({ folder, archive });
  const formula = join(resolve(output), 'homebrew-hearth', 'Formula', 'hearth.rb');
  await mkdir(dirname(formula), { recursive: true });
  await writeFile(formula, buildFormula({ url: url ?? pathToFileURL(archive).href, sha256 }));
  process.stdout.write(`${archive}\n${formula}\n`);
}

function readArguments() {
  const options = { output: { type: 'string' }, url: { type: 'string' }, help: { type: 'boolean' } };
  try {
    return parseArgs({ options }).values;
  } catch (cause) {
    throw new SetUpError(`${cause.message}\n${usage}`, { cause });
  }
}

/** The addon and its libraries: on a Mac the ones that set-up built there, elsewhere built across. */
async function buildEngine() {
  if (process.platform === 'darwin') {
    await setUp();
    return { addon: join(nativeFolder, 'build', 'Release', 'hearth.node'), deps: depsFolder };
  }
  const target = describePlatform({ platform: 'darwin', arch: 'arm64' });
  await runStepsAlone([
    ...[npmPackages, buildTools(currentPlatform()), typeScript, zig],
    ...[libraries(target, { name: 'libraries-darwin', folder: darwinDepsFolder }), darwinAddon],
  ]);
  return { addon: darwinAddonPath, deps: darwinDepsFolder };
}

function run(command) {
  return runCommand({ ...command, logPath: join(darwinFolder, 'package.log') });
}
