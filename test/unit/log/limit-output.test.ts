import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { limitOutput } from '../../../daemon/src/log/create-log.ts';

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

test('where there is none nothing happens', () => {
  expect(() => limitOutput(path)).not.toThrow();
});
