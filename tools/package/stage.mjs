import { chmod, copyFile, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';
import { prunePackages } from './prune-packages.mjs';

const workspaces = ['native', 'daemon', 'launchd'];
/** Built code without what only developers read. */
const leftOut = ['.map', '.tsbuildinfo', '.ts'];
/** What npm installs for building, or for itself. */
const buildLeftovers = ['native/node_modules', 'node_modules/.package-lock.json', 'package-lock.json'];

/**
 * Lays out the macOS package in `folder`, in the shape of a checkout, so that every path in it was tested.
 * @param {{ folder: string, addon: string, microphone: string, deps: string, npm: string, run: Function }} request
 */
export async function stagePackage({ folder, addon, microphone, deps, npm, run }) {
  await rm(folder, { recursive: true, force: true });
  await stagePackages({ folder, npm, run });
  for (const workspace of workspaces) await stageCode(folder, workspace);
  await cp(join(rootFolder, 'assets'), join(folder, 'assets'), {
    recursive: true,
    filter: (path) => extname(path) !== '.py',
  });
  await stageFiles({
    [join(folder, 'native/build/Release/hearth.node')]: addon,
    [join(folder, 'native/build/Release/hearth-microphone')]: microphone,
    ...(await mlxFiles(join(folder, 'native/deps/mlx-metal'), join(deps, 'mlx-metal'))),
    ...sndfileFiles(join(folder, 'native/deps/libsndfile'), join(deps, 'libsndfile')),
    ...Object.fromEntries(
      ['LICENSE', 'NOTICE', 'CHANGELOG.md'].map((name) => [join(folder, name), join(rootFolder, name)]),
    ),
    [join(folder, 'hearth')]: join(rootFolder, 'tools/package/hearth'),
  });
  await chmod(join(folder, 'hearth'), 0o755);
}

/** The packages that run, from the lock file, including the optional ones for macOS. */
async function stagePackages({ folder, npm, run }) {
  const manifests = ['package.json', 'package-lock.json', ...workspaces.map((name) => join(name, 'package.json'))];
  await stageFiles(Object.fromEntries(manifests.map((name) => [join(folder, name), join(rootFolder, name)])));
  await run({
    command: npm,
    args: [
      ...['ci', '--omit=dev', '--include=optional', '--ignore-scripts', '--os=darwin', '--cpu=arm64'],
      ...['--engine-strict=false', '--no-audit', '--no-fund'],
    ],
    cwd: folder,
  });
  for (const name of buildLeftovers) await rm(join(folder, name), { recursive: true, force: true });
  for (const modules of ['node_modules', 'daemon/node_modules']) await prunePackages(join(folder, modules));
}

async function stageCode(folder, workspace) {
  await cp(join(rootFolder, workspace, 'dist'), join(folder, workspace, 'dist'), {
    recursive: true,
    filter: (path) => !leftOut.includes(extname(path)),
  });
}

async function mlxFiles(place, wheel) {
  const metadata = (await readdir(wheel)).find((name) => name.endsWith('.dist-info')) ?? '';
  return {
    [join(place, 'mlx/lib/libmlx.dylib')]: join(wheel, 'mlx/lib/libmlx.dylib'),
    // MLX looks for its kernels beside its library.
    [join(place, 'mlx/lib/mlx.metallib')]: join(wheel, 'mlx/lib/mlx.metallib'),
    [join(place, 'LICENSE')]: join(wheel, metadata, 'licenses/LICENSE'),
  };
}

function sndfileFiles(place, folder) {
  return Object.fromEntries(
    ['libsndfile_arm64.dylib', 'COPYING'].map((name) => [join(place, name), join(folder, name)]),
  );
}

async function stageFiles(files) {
  for (const [place, source] of Object.entries(files)) {
    await mkdir(dirname(place), { recursive: true });
    await copyFile(source, place);
  }
}

/** The version of a checkout. */
export async function readVersion() {
  return JSON.parse(await readFile(join(rootFolder, 'daemon', 'package.json'), 'utf8')).version;
}
