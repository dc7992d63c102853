import { rm } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { nativeFolder, pinnedNode, rootFolder } from '../folders.mjs';
import { SetUpError } from '../set-up-error.mjs';
import { pathWithBuildTools } from './build-tools.mjs';

const buildFolder = join(nativeFolder, 'build');
const addonPath = join(buildFolder, 'Release', 'hearth.node');
/** Confines converters. macOS has `sandbox-exec`. */
const sandboxPath = join(buildFolder, 'Release', 'hearth-sandbox');
/** Records. Linux has programs that do. */
const microphonePath = join(buildFolder, 'Release', 'hearth-microphone');
// Memory that one compiler process needs for the largest sources, including MLX's headers.
const bytesPerCompiler = 1.5e9;

/** Builds the addon with cmake-js, which knows what is out of date, and tests it in a child process before it is used. */
export function addon(platform) {
  return {
    name: 'addon',
    title: 'C++ engine',
    needs: ['compiler'],
    outputs: [addonPath, platform.name.startsWith('linux') ? sandboxPath : microphonePath],
    run: async ({ run }) => {
      await configure({ platform, run });
      await buildTarget({ run, target: 'hearth' });
      return describe(await tryAddon({ platform, run }));
    },
  };
}

/** A cache with an older layout, or from another place, can only fail here. It is then replaced with a new one. */
async function configure({ platform, run }) {
  const args = ['configure', `--CDHEARTH_MLX_PACKAGE=${platform.mlxPackage}`];
  try {
    await runCmakeJs({ args, run });
  } catch {
    await rm(buildFolder, { recursive: true, force: true });
    await runCmakeJs({ args, run });
  }
}

export async function buildTarget({ run, target }) {
  await runCmakeJs({ args: ['build', '--target', target, ...parallel()], run });
}

/** As many parallel compilers as the machine has cores and memory for. */
export function parallel() {
  const jobs = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / bytesPerCompiler)));
  return ['--parallel', String(jobs)];
}

export async function runCmakeJs({ args, run, environment = {} }) {
  const cmakeJs = join(rootFolder, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  await run({
    command: pinnedNode,
    args: [cmakeJs, ...args, '--directory', nativeFolder, '--generator', 'Ninja', '--config', 'Release'],
    cwd: rootFolder,
    env: { ...process.env, ...environment, PATH: pathWithBuildTools() },
  });
}

async function tryAddon({ platform, run }) {
  const script = 'console.log(JSON.stringify(require(process.argv[1]).info()))';
  const lines = await run({ command: pinnedNode, args: ['-e', script, addonPath] }).catch((error) => {
    if (platform.mlxPackage.includes('cuda')) error.message += '\nHEARTH_GPU=off makes set-up use the CPU.';
    throw error;
  });
  try {
    return JSON.parse(lines.at(-1));
  } catch (cause) {
    throw new SetUpError(`Expected the addon to describe itself, got "${lines.join('\n')}".`, { cause });
  }
}

function describe({ mlxVersion, sndfileVersion, instructionSet, gpuAvailable }) {
  const device = gpuAvailable ? 'GPU' : `CPU with ${instructionSet}`;
  return `MLX ${mlxVersion} on ${device}, ${sndfileVersion ?? 'no libsndfile'}`;
}
