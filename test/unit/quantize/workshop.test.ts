import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openWorkshop } from '../../../daemon/src/quantize/workshop.ts';

test('a workshop is new for each run; those of processes that are gone are deleted, and nothing else', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'hearth-workshop-')), 'models');
  const running = spawn('cat');
  try {
    const first = await openWorkshop(folder);
    const gone = `.quantizing-${spawnSync('true').pid}-abcdef`;
    const kept = [`.quantizing-${running.pid}-abcdef`, '.quantizing-mine', 'whisper'];
    for (const name of [gone, ...kept]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'weights.safetensors'), '');
    }
    const second = await openWorkshop(folder);
    expect(second).not.toBe(first);
    expect((await readdir(folder)).sort()).toEqual([...kept, basename(first), basename(second)].sort());
    expect(await readdir(second)).toEqual([]);
  } finally {
    running.kill();
    await once(running, 'close');
    await rm(join(folder, '..'), { recursive: true });
  }
});
