import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const moduleUrl = new URL('../../../setup/nvidia-driver.mjs', import.meta.url).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-driver-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** What set-up finds on a machine whose `nvidia-smi` does what the shell lines say. */
async function versionWith(lines: string | null, environment: Record<string, string> = {}): Promise<string | null> {
  if (lines !== null) await writeFile(join(folder, 'nvidia-smi'), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  const script = `import { nvidiaDriverVersion } from '${moduleUrl}'; console.log(JSON.stringify(nvidiaDriverVersion()));`;
  const env = { PATH: folder, ...environment };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
  return JSON.parse(stdout) as string | null;
}

// https://docs.nvidia.com/deploy/nvidia-smi: one line for each GPU, the driver is the same.
const twoGpus = '[ "$*" = "--query-gpu=driver_version --format=csv,noheader" ] && echo 580.65.06 && echo 580.65.06';

test("the driver's version is what nvidia-smi tells, once for several GPUs", async () => {
  expect(await versionWith(twoGpus)).toBe('580.65.06');
});

test('HEARTH_GPU=off leaves the driver alone', async () => {
  expect(await versionWith(twoGpus, { HEARTH_GPU: 'off' })).toBeNull();
});

test.each([
  ['no nvidia-smi', null],
  [
    'a driver that does not answer',
    'echo "NVIDIA-SMI has failed because it could not communicate with the driver."; exit 9',
  ],
  ['no GPU', 'echo "No devices were found"; exit 6'],
  ['an answer that is no version', 'echo "[N/A]"'],
])('a machine with %s has no driver', async (_, lines) => {
  expect(await versionWith(lines)).toBeNull();
});
