import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Converter } from '../../../daemon/src/converters/converter.ts';
import type { Sandbox } from '../../../daemon/src/converters/sandbox.ts';
import { sandboxFor } from '../../../daemon/src/converters/sandbox-for.ts';

let folder: string;
let converter: Converter;
let nowMs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-sandbox-for-'));
  nowMs = 0;
  const executable = join(folder, 'converter');
  // A second of sound.
  await writeFile(executable, '#!/bin/sh\nexec head -c 32000 /dev/zero\n');
  await chmod(executable, 0o755);
  converter = {
    ...{ name: 'ffmpeg', executable, writesTo: 'standard-output' },
    buildArguments: () => [],
    readReport: (complaints) => ({ tracks: [], takenTrack: null, complaints }),
    readStart: () => null,
    readDelay: () => null,
  };
});

afterEach(() => rm(folder, { recursive: true }));

/** A sandbox in which so many runs fail, as on a machine that has no memory for a moment. */
function sandboxThatFails(times: number) {
  const runs = { failing: times, count: 0 };
  const sandbox: Sandbox = {
    name: 'Landlock',
    confine({ executable, arguments: given }) {
      runs.count++;
      return runs.count <= runs.failing
        ? { executable: '/bin/false', arguments: [] }
        : { executable, arguments: given };
    },
  };
  return {
    runs,
    find: async () => (await sandboxFor({ converter, temporaryFolder: folder, sandbox, now: () => nowMs })).name,
  };
}

test('one trial that fails by chance leaves no converter without its sandbox', async () => {
  const { runs, find } = sandboxThatFails(1);
  expect(await find()).toBe('Landlock');
  expect([await find(), runs.count]).toEqual(['Landlock', 2]);
});

test('a converter that goes without its sandbox is tried in it again after ten minutes, and not before', async () => {
  const { runs, find } = sandboxThatFails(3);
  expect(await find()).toBe('none');
  nowMs += 599_999;
  expect([await find(), runs.count]).toEqual(['none', 2]);
  nowMs += 1;
  expect(await find()).toBe('Landlock');
  nowMs += 6_000_000;
  expect([await find(), runs.count]).toEqual(['Landlock', 4]);
});

test('each round of trials is two, however long the sandbox does not work', async () => {
  const { runs, find } = sandboxThatFails(Number.POSITIVE_INFINITY);
  for (let round = 1; round <= 3; round++) {
    expect([await find(), await find(), runs.count]).toEqual(['none', 'none', 2 * round]);
    nowMs += 600_000;
  }
});
