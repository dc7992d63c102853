import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, copyFile, cp, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ninja = /^CMAKE_MAKE_PROGRAM:\w+=(.*)$/m.exec(
  readFileSync(join(root, 'native/build/CMakeCache.txt'), 'utf8'),
)?.[1] as string;

const tsconfig = { composite: true, rootDir: '.', outDir: 'dist', lib: ['es5'], types: [] };
/** A checkout that is as small as one can be; the build tools that look at it are the real ones. */
const sources = {
  'package-lock.json': '{}',
  'setup/main.mjs': '',
  'setup/requirements/linux-x64.txt': 'mlx-cpu==1.0',
  'setup/steps/addon.mjs': 'export const addon = 1;',
  'native/tsconfig.json': JSON.stringify({ compilerOptions: tsconfig, include: ['*.ts'] }),
  'native/index.ts': "export * from './addon.js';",
  'native/addon.ts': 'export const addon = 1;',
  'native/src/module.cc': 'one',
  'daemon/tsconfig.json': JSON.stringify({
    compilerOptions: { ...tsconfig, rootDir: 'src' },
    include: ['src/**/*.ts'],
    references: [{ path: '../native' }],
  }),
  'daemon/src/cli/main.ts': "export * from '../../../native/index.js';",
};
/** What CMake leaves behind. */
const cmakeFiles = {
  'native/build/CMakeCache.txt': `CMAKE_MAKE_PROGRAM:FILEPATH=${ninja}\n`,
  'native/build/build.ninja': `rule compile
  command = cp $in $out
build hearth.node: compile ../src/module.cc
build hearth: phony hearth.node
`,
};

const systemNode = `#!/bin/sh
case $1 in
  -e) exit "$STAND_IN_NODE_CHECK" ;;
  --version) echo v18.20.0 ;;
  *) echo "sets up with $1" ;;
esac
`;

let template: string;
let folder: string;
let checkout: string;
let systemPath: string;

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'hearth-launcher-'));
  for (const [path, content] of Object.entries({ ...sources, ...cmakeFiles })) await put(join(template, path), content);
  for (const name of ['folders.mjs', 'last-inputs.mjs', 'stamps.mjs']) {
    await copyFile(join(root, 'setup', name), join(template, 'setup', name));
  }
  await copyFile(join(root, 'hearth'), join(template, 'hearth'));
  await put(join(template, 'node_modules/.bin/node'), '#!/bin/sh\necho "runs $*"\n', 0o755);
  await symlink(join(root, 'node_modules/@typescript'), join(template, 'node_modules/@typescript'));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--build', join(template, 'daemon')]);
  execFileSync(ninja, ['-C', join(template, 'native/build'), 'hearth']);
});

afterAll(() => rm(template, { recursive: true }));

/** A checkout that has been set up, with a pinned Node and a set-up that only say that they were run. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth launcher '));
  checkout = join(folder, 'a checkout');
  systemPath = join(folder, 'bin');
  await cp(template, checkout, { recursive: true, preserveTimestamps: true });
  await put(join(systemPath, 'node'), systemNode, 0o755);
  const remember = `
    import { writeAtomically } from './setup/stamps.mjs';
    import { lastInputsPath, readInputs } from './setup/last-inputs.mjs';
    await writeAtomically(lastInputsPath, readInputs());`;
  execFileSync(process.execPath, ['--input-type=module', '-e', remember], { cwd: checkout });
});

afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

/** Changes a file, and its time by more than a file system may round. */
async function edit(path: string): Promise<void> {
  await appendFile(path, '\n');
  const later = new Date(Date.now() + 10_000);
  await utimes(path, later, later);
}

function run(path = join(checkout, 'hearth'), { cwd = checkout, env = {} as Record<string, string> } = {}) {
  const result = spawnSync(path, ['transcribe', 'a b.wav'], {
    ...{ cwd, encoding: 'utf8' as const },
    env: { PATH: `${systemPath}:/usr/bin:/bin`, STAND_IN_NODE_CHECK: '0', ...env },
  });
  return { stdout: result.stdout, stderr: result.stderr, status: result.status };
}

const runsCli = () =>
  `runs --disable-warning=ExperimentalWarning ${join(checkout, 'daemon/dist/cli/main.js')} transcribe a b.wav\n`;

test('a checkout that is set up runs the command line on the pinned Node, from anywhere', () => {
  expect(run()).toEqual({ stdout: runsCli(), stderr: '', status: 0 });
  expect(run(join(checkout, 'hearth'), { cwd: '/' })).toEqual({ stdout: runsCli(), stderr: '', status: 0 });
  expect(run('./hearth').stdout).toBe(runsCli());
});

test('the checkout is found through symbolic links, absolute and relative', async () => {
  await symlink(join(checkout, 'hearth'), join(folder, 'absolute'));
  await symlink('absolute', join(folder, 'relative'));
  expect(run(join(folder, 'relative'), { cwd: '/' })).toEqual({ stdout: runsCli(), stderr: '', status: 0 });
  expect(run('./relative', { cwd: folder }).stdout).toBe(runsCli());
});

const setsUp = () => ({ stdout: runsCli(), stderr: `sets up with ${join(checkout, 'setup/main.mjs')}\n`, status: 0 });

test.each([...Object.keys(sources), 'setup/last-inputs.mjs'])(
  'a changed %s is set up before it is run',
  async (file) => {
    await edit(join(checkout, file));
    expect(run()).toEqual(setsUp());
  },
);

test.each(['daemon/src/cli/added.ts', 'setup/steps/added.mjs'])('a new %s is set up before it is run', async (file) => {
  await put(join(checkout, file), 'export {};');
  await edit(join(checkout, file));
  expect(run()).toEqual(setsUp());
});

test.each([
  ...['daemon/dist', 'daemon/dist/cli/main.js', 'native/dist', 'native/build', 'native/build/hearth.node'],
  ...['native/build/CMakeCache.txt', 'native/src/module.cc', 'build/setup/last-inputs'],
  ...['node_modules/.bin/node', 'node_modules/@typescript', 'setup/steps/addon.mjs'],
])('without %s, set-up runs', async (file) => {
  await rm(join(checkout, file), { recursive: true });
  expect(run().stderr).toContain('sets up');
});

test('a checkout that was moved is set up, as CMake keeps absolute paths', async () => {
  const moved = join(folder, 'elsewhere');
  await rename(checkout, moved);
  expect(run(join(moved, 'hearth'), { cwd: moved }).stderr).toContain('sets up');
});

test('no Node, or one that is too old, is told with how to install it', async () => {
  await rm(join(checkout, 'build/setup/last-inputs'));
  const tooOld = run(undefined, { env: { STAND_IN_NODE_CHECK: '1' } });
  expect(tooOld).toMatchObject({ stdout: '', status: 1 });
  expect(tooOld.stderr).toMatch(
    /^Hearth needs Node 20\.17 or newer, and `node` is v18\.20\.0\. Install it from https:\/\/nodejs\.org, or with `brew/,
  );

  await rm(join(systemPath, 'node'));
  for (const tool of ['dirname', 'readlink', 'cat', 'cmp', 'sed'])
    await symlink(`/usr/bin/${tool}`, join(systemPath, tool));
  const missing = run(undefined, { env: { PATH: systemPath } });
  expect(missing).toMatchObject({ stdout: '', status: 1 });
  expect(missing.stderr).toContain('Hearth needs Node 20.17 or newer, and no `node` was found on PATH.');
});

test('a set-up that fails runs nothing', async () => {
  await rm(join(checkout, 'build/setup/last-inputs'));
  await put(join(systemPath, 'node'), '#!/bin/sh\ntest "$1" = -e\n', 0o755);
  expect(run()).toMatchObject({ stdout: '', status: 1 });
});
