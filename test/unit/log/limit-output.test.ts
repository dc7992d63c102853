import {
  closeSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limitOutput } from '../../../daemon/src/log/create-log.ts';
import { openEmptyOutput } from '../../../daemon/src/settings/open-output.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-output-'));
  path = join(folder, 'output.log');
});

afterEach(() => rmSync(folder, { recursive: true }));

test('a long file is emptied, and whoever appends to it goes on', () => {
  writeFileSync(path, 'x'.repeat(1024 * 1024 + 1));
  limitOutput(path);
  expect(statSync(path).size).toBe(0);
});

test('what was said lately stays', () => {
  writeFileSync(path, 'Expected threads to be a number.');
  limitOutput(path);
  expect(readFileSync(path, 'utf8')).toBe('Expected threads to be a number.');
});

test.each([
  ['a link', symlinkSync],
  ['a second name', linkSync],
])('what %s leads to is not emptied', (_, give) => {
  const own = join(folder, 'diary.txt');
  const content = 'x'.repeat(1024 * 1024 + 1);
  writeFileSync(own, content);
  give(own, path);
  limitOutput(path);
  closeSync(openEmptyOutput(path));
  expect(readFileSync(own, 'utf8')).toBe(content);
});

test('a start begins with an empty file', () => {
  for (let round = 0; round < 2; round++) {
    const file = openEmptyOutput(path);
    writeSync(file, 'of this start');
    closeSync(file);
  }
  expect(readFileSync(path, 'utf8')).toBe('of this start');
});

test('where there is none nothing happens', () => {
  expect(() => limitOutput(path)).not.toThrow();
});
