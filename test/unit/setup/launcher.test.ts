import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const launcher = fileURLToPath(new URL('../../../hearth', import.meta.url));
const files = [
  ...['package-lock.json', 'tsconfig.base.json', 'setup/main.mjs', 'daemon/src/cli/main.ts', 'daemon/package.json'],
  ...['daemon/tsconfig.json', 'daemon/dist/cli/main.js', 'native/src/addon/module.cc', 'native/index.ts'],
  ...['native/package.json', 'native/tsconfig.json', 'native/CMakeLists.txt', 'native/build/Release/hearth.node'],
  ...['launchd/src/index.ts', 'launchd/package.json', 'launchd/tsconfig.json'],
];

const systemNode = `#!/bin/sh
case $1 in
  -e) exit "$STAND_IN_NODE_CHECK" ;;
  --version) echo v18.20.0 ;;
  *) echo "sets up with $1" ;;
esac
`;

let folder: string;
let checkout: string;
let systemPath: string;

/** A checkout whose pinned Node and whose set-up only say that they were run. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth launcher '));
  checkout = join(folder, 'a checkout');
  systemPath = join(folder, 'bin');
  for (const file of files) await put(join(checkout, file), '');
  await copyFile(launcher, join(checkout, 'hearth'));
  await put(join(checkout, 'node_modules/.bin/node'), '#!/bin/sh\necho "runs $*"\n', 0o755);
  await put(join(systemPath, 'node'), systemNode, 0o755);
  await put(join(checkout, 'build/setup/ready'), '');
  await age(join(checkout, 'build/setup/ready'), 10);
});

afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}

/** Sets a file's time to so many seconds from now. */
async function age(path: string, seconds: number): Promise<void> {
  const time = new Date(Date.now() + seconds * 1000);
  await utimes(path, time, time);
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

test.each(files.filter((file) => !/dist|build/.test(file)))('a newer %s is set up before it is run', async (file) => {
  await age(join(checkout, file), 20);
  expect(run()).toEqual({ stdout: runsCli(), stderr: `sets up with ${join(checkout, 'setup/main.mjs')}\n`, status: 0 });
});

test.each(['daemon/dist/cli/main.js', 'native/build/Release/hearth.node', 'build/setup/ready', 'native/index.ts'])(
  'a missing %s is set up',
  async (file) => {
    await rm(join(checkout, file));
    expect(run().stderr).toContain('sets up');
  },
);

test('no Node, or one that is too old, is told with how to install it', async () => {
  await rm(join(checkout, 'build/setup/ready'));
  const tooOld = run(undefined, { env: { STAND_IN_NODE_CHECK: '1' } });
  expect(tooOld).toMatchObject({ stdout: '', status: 1 });
  expect(tooOld.stderr).toMatch(
    /^Expected Node 20\.17 or newer, got v18\.20\.0\. Install it from https:\/\/nodejs\.org, or with `brew/,
  );

  await rm(join(systemPath, 'node'));
  for (const tool of ['dirname', 'readlink', 'find', 'head']) await symlink(`/usr/bin/${tool}`, join(systemPath, tool));
  const missing = run(undefined, { env: { PATH: systemPath } });
  expect(missing).toMatchObject({ stdout: '', status: 1 });
  expect(missing.stderr).toContain('Expected Node 20.17 or newer, got no `node` on PATH.');
});

test('a set-up that fails runs nothing', async () => {
  await rm(join(checkout, 'build/setup/ready'));
  await put(join(systemPath, 'node'), '#!/bin/sh\ntest "$1" = -e\n', 0o755);
  expect(run()).toMatchObject({ stdout: '', status: 1 });
});
