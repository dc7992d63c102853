import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findSameContent, fingerprintOf } from '../../../../daemon/src/server/watch/recording-content.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-content-'));
  path = join(folder, 'memo.wav');
});

afterEach(() => rmSync(folder, { recursive: true }));

test.each([0, 1, 1_048_575, 1_048_576, 3_000_001])('of %d bytes, each one counts', async (size) => {
  const bytes = Buffer.alloc(size, 7);
  writeFileSync(path, bytes);
  const known = [{ fingerprint: null }, { fingerprint: await fingerprintOf({ path, size }) }];
  expect(await findSameContent(known, { path, size })).toBe(known[1]);
  for (const position of new Set([0, Math.floor(size / 2), Math.floor(size / 3), size - 1])) {
    if (position < 0 || position >= size) continue;
    const changed = Buffer.from(bytes);
    changed[position] = 8;
    writeFileSync(path, changed);
    expect(await findSameContent(known, { path, size })).toBeUndefined();
  }
});

test('of a film, pieces of all parts are read', async () => {
  const size = 5_000_000_000;
  writeFileSync(path, '');
  truncateSync(path, size);
  const known = [{ fingerprint: await fingerprintOf({ path, size }) }];
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(20_000_000, 1), 0, 20_000_000, 2_345_678_901);
  await file.close();
  expect(await findSameContent(known, { path, size })).toBeUndefined();
});

test('a recording of which only the ends were remembered is known by them', async () => {
  writeFileSync(path, 'sound');
  const fingerprint = createHash('sha256').update('5:soundsound').digest('hex');
  expect(await findSameContent([{ fingerprint }], { path, size: 5 })).toEqual({ fingerprint });
});
