import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openWorkshop } from '../../../daemon/src/quantize/workshop.ts';

test('a workshop is new for each run; those of processes that are gone are deleted, and nothing else', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'hearth-workshop-')), 'models');
  const running = spawn('cat');
  try {
    const first = await openWorkshop(folder, 'mine');
    const gone = `.quantizing-${spawnSync('true').pid}-abcdef`;
    const kept = [`.quantizing-${running.pid}-abcdef`, '.quantizing-mine', 'whisper'];
    for (const name of [gone, ...kept]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'weights.safetensors'), '');
    }
    const second = await openWorkshop(folder, 'mine');
    expect(second).not.toBe(first);
    expect((await readdir(folder)).sort()).toEqual([...kept, basename(first), basename(second)].sort());
    expect(await readdir(second)).toEqual(['inputs.json']);
  } finally {
    running.kill();
    await once(running, 'close');
    await rm(join(folder, '..'), { recursive: true });
  }
});

test.each([
  ['the same inputs take over what a process that is gone has left', 'mine', ['inputs.json', 'made']],
  ['other inputs begin anew', 'other', ['inputs.json']],
] as const)('%s', async (_, inputs, content) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'hearth-workshop-')), 'models');
  const left = await openWorkshop(folder, 'mine');
  await writeFile(join(left, 'made'), '');
  await rename(left, join(folder, `.quantizing-${spawnSync('true').pid}-abcdef`));
  const workshop = await openWorkshop(folder, inputs);
  expect(await readdir(folder)).toEqual([basename(workshop)]);
  expect((await readdir(workshop)).sort()).toEqual(content);
  await rm(join(folder, '..'), { recursive: true });
});
