import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchWheels } from '../../setup/fetch-wheels.mjs';
import { requireTools } from '../../setup/find-tools.mjs';
import { depsFolder, rootFolder } from '../../setup/folders.mjs';
import { currentPlatform } from '../../setup/platform.mjs';
import { reportSetUpError } from '../../setup/report-set-up-error.mjs';
import { runCommand } from '../../setup/run-command.mjs';
import { setUp } from '../../setup/set-up.mjs';
import { SetUpError } from '../../setup/set-up-error.mjs';
import { buildTarget } from '../../setup/steps/addon.mjs';
import { addonTests } from '../addon-tests.mjs';
import { dropGpuCode } from './drop-gpu-code.mjs';

const usage = `Usage: npm run pack-gpu -- [--architecture <number>]

Packs this checkout, built, for a machine with an NVIDIA GPU that reaches no package registries.
It writes pieces of at most 60 MB and run.sh to build/gpu. Copy all of them there and run: sh run.sh
  --architecture <number>  keep the GPU code of this architecture only, such as 90 for sm_90 (H100, H200);
                           without it, the code of all of them is packed
`;

const gpuFolder = join(rootFolder, 'build', 'gpu');
const staged = join(gpuFolder, 'hearth');
const pieceBytes = 60_000_000;
// What was built, beside the files of the repository. The engine links MLX by name, and both wheels have the same version.
const built = [
  'native/build/Release',
  'native/dist',
  'daemon/dist',
  'daemon/node_modules',
  'launchd/dist',
  'node_modules',
];
// Only checks and clients need them.
const leftOut =
  /^node_modules\/(@biomejs|@esbuild|esbuild|knip|openai|oxc-parser|@oxc-[a-z]+|\.cache|node-linux-[a-z0-9]+\/include)\//;

/** Times the engine's C++ code without Node (bench/gpu). */
const gpuBench = {
  name: 'gpu-bench',
  title: 'C++ benchmark for GPUs',
  needs: ['compiler'],
  run: ({ run: runLogged }) => buildTarget({ run: runLogged, target: 'hearth_gpu_bench' }),
};

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

await packForGpu().catch((error) => {
  reportSetUpError(error);
  process.exitCode = 1;
});

async function packForGpu() {
  const { architecture, help } = readArguments();
  if (help) return void process.stdout.write(usage);
  await setUp({ moreSteps: [addonTests, gpuBench] });
  await rm(gpuFolder, { recursive: true, force: true });
  await stageCheckout();
  await stageMlx(architecture === undefined ? null : Number(architecture));
  await copyFile(join(rootFolder, 'tools', 'gpu', 'run.sh'), join(gpuFolder, 'run.sh'));
  const pack = 'tar -c hearth | xz -T0 -6 | split -b "$1" -d - hearth.tar.xz.';
  await run({ command: 'sh', args: ['-c', pack, 'sh', String(pieceBytes)], cwd: gpuFolder });
  await rm(staged, { recursive: true });
  process.stdout.write(`${gpuFolder}\n`);
}

function readArguments() {
  const options = { architecture: { type: 'string' }, help: { type: 'boolean' } };
  let values;
  try {
    values = parseArgs({ options }).values;
  } catch (cause) {
    throw new SetUpError(`${cause.message}\n${usage}`, { cause });
  }
  if (values.architecture !== undefined && !/^\d{2,3}$/.test(values.architecture)) {
    throw new SetUpError(`Expected --architecture to be a number such as 90, got ${values.architecture}.`);
  }
  return values;
}

async function stageCheckout() {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: rootFolder, encoding: 'utf8' }).split('\0');
  for (const path of tracked.filter((each) => each !== '')) {
    await mkdir(dirname(join(staged, path)), { recursive: true });
    await cp(join(rootFolder, path), join(staged, path), { verbatimSymlinks: true });
  }
  for (const folder of built) {
    await cp(join(rootFolder, folder), join(staged, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !leftOut.test(`${path.slice(rootFolder.length + 1)}/`),
    });
  }
  const node = join(staged, 'node_modules', '.bin', 'node');
  // Node's symbols are a third of it.
  await run({ command: 'strip', args: [node] });
}

/** MLX for CUDA in the place of MLX for the CPU, where the addon looks for it. */
async function stageMlx(architecture) {
  const platform = currentPlatform();
  const name = `${platform.name.replace('-cuda', '')}-cuda.txt`;
  const pinned = await readFile(join(rootFolder, 'setup', 'requirements', name), 'utf8');
  const requirements = join(gpuFolder, 'requirements.txt');
  await writeFile(
    requirements,
    pinned.split('\n').find((line) => line.startsWith('mlx-')),
  );
  const unpacked = join(gpuFolder, 'wheels');
  await fetchWheels({
    python: requireTools(['python']).python,
    requirements,
    wheelPlatforms: platform.wheelPlatforms,
    folder: unpacked,
    run,
  });
  const wheel = join(unpacked, 'mlx_cuda_13');
  const library = join(wheel, 'mlx', 'lib', 'libmlx.so');
  if (architecture !== null) {
    const code = await readFile(library);
    const { kept } = dropGpuCode(code, architecture);
    if (kept === 0) throw new SetUpError(`Expected GPU code for sm_${architecture} in MLX, got none.`);
    await writeFile(library, code);
  }
  const place = join(staged, 'native', 'deps', platform.mlxPackage);
  await cp(join(wheel, 'mlx', 'lib'), join(place, 'mlx', 'lib'), { recursive: true });
  await cp(join(wheel, 'mlx', 'include'), join(place, 'mlx', 'include'), { recursive: true });
  await cp(join(wheel, 'mlx_cuda_13.libs'), join(place, 'mlx_cuda_13.libs'), { recursive: true });
  await cp(join(depsFolder, 'libsndfile'), join(staged, 'native', 'deps', 'libsndfile'), { recursive: true });
  for (const path of [unpacked, requirements]) await rm(path, { recursive: true });
}

function run(command) {
  return runCommand({ ...command, logPath: join(rootFolder, 'build', 'gpu.log') });
}
