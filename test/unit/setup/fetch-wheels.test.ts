import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { fetchWheels } from '../../../setup/fetch-wheels.mjs';
import { describePlatform } from '../../../setup/platform.mjs';

const requirementsFolder = fileURLToPath(new URL('../../../setup/requirements', import.meta.url));

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-wheels-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('pip brings only what is pinned by hash, for the platform that is asked for, and each wheel is unpacked', async () => {
  const commands: Command[] = [];
  await mkdir(join(folder, 'staging'));
  await writeFile(join(folder, 'staging', 'left-over'), '');
  await fetchWheels({
    python: 'python3',
    requirements: 'linux-x64.txt',
    wheelPlatforms: ['manylinux_2_35_x86_64', 'manylinux_2_28_x86_64'],
    folder: join(folder, 'staging'),
    run: async (command: Command) => {
      commands.push(command);
      const destination = command.args[command.args.indexOf('--dest') + 1] as string;
      if (command.args.includes('pip')) await writeFile(join(destination, 'mlx_cpu-0.32.4-py3-none-any.whl'), '');
    },
  });

  const [download, unpack, ...others] = commands as [Command, Command];
  expect(download.command).toBe('python3');
  expect(download.args).toEqual(
    expect.arrayContaining(['download', '--require-hashes', '--only-binary=:all:', '--no-deps', 'linux-x64.txt']),
  );
  expect(download.args.filter((each) => each === '--platform')).toHaveLength(2);
  expect(unpack.args.slice(0, 3)).toEqual(['-m', 'zipfile', '-e']);
  expect(unpack.args.at(-1)).toBe(join(folder, 'staging', 'mlx_cpu'));
  expect(others).toEqual([]);
  expect(await readdir(join(folder, 'staging'))).toEqual(['downloads']);
});

test.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'arm64'],
])('%s %s has its libraries pinned by one hash each', async (platform, arch) => {
  const { name, mlxPackage } = describePlatform({ platform, arch, glibcVersion: '2.36' });
  const lines = (await readFile(join(requirementsFolder, `${name}.txt`), 'utf8')).trimEnd().split('\n');
  const pinned = /^([a-z-]+)==[\d.]+ --hash=sha256:[0-9a-f]{64}$/;
  expect(lines.map((line) => pinned.exec(line)?.[1])).toEqual([mlxPackage, 'soundfile']);
});

test.each(['x64', 'arm64'])('MLX for CUDA on %s has each library that it loads pinned by one hash', async (arch) => {
  const machine = { platform: 'linux', arch, glibcVersion: '2.36', nvidiaDriver: '580.65.06' };
  const { name, mlxPackage } = describePlatform(machine);
  const lines = (await readFile(join(requirementsFolder, `${name}.txt`), 'utf8')).trimEnd().split('\n');
  const pinned = /^([a-z0-9-]+)==[\d.]+ --hash=sha256:[0-9a-f]{64}$/;
  const nvidia = ['cublas', 'cuda-nvrtc', 'cuda-runtime', 'cudnn-cu13', 'cufft', 'cusolver', 'nccl-cu13', 'cusparse'];
  expect(lines.map((line) => pinned.exec(line)?.[1])).toEqual([
    ...[mlxPackage, 'soundfile'],
    ...[...nvidia, 'nvjitlink'].map((library) => `nvidia-${library}`),
  ]);
});

test.each(['cmake', 'ninja'])('%s is pinned by a hash for each platform', async (tool) => {
  const text = await readFile(join(requirementsFolder, `${tool}.txt`), 'utf8');
  expect(text).toMatch(new RegExp(`^${tool}==[\\d.]+( --hash=sha256:[0-9a-f]{64}){3}\\n$`));
});
