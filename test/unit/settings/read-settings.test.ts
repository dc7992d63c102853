import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readSettings, variableName } from '../../../daemon/src/settings/read-settings.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-settings-'));
  file = join(folder, 'settings.json');
});

afterEach(() => rm(folder, { recursive: true }));

test('without a file every setting has its default', () => {
  expect(readSettings(file, {})).toMatchObject({ model: 'whisper-base-4bit', threads: 0, logLevel: 'info' });
});

test('the file goes before the defaults, and the environment before the file', async () => {
  await writeFile(file, JSON.stringify({ threads: 3, maxQueuedJobs: 7 }));
  const settings = readSettings(file, { HEARTH_THREADS: '5' });
  expect(settings).toMatchObject({ threads: 5, maxQueuedJobs: 7 });
});

test('a variable without a value says nothing', () => {
  expect(readSettings(file, { HEARTH_MODEL: '' }).model).toBe('whisper-base-4bit');
});

test('a variable is named after its setting', () => {
  expect(variableName('maxQueuedJobs')).toBe('HEARTH_MAX_QUEUED_JOBS');
});

test.each([
  ['a number that is text', { HEARTH_THREADS: 'many' }, /threads in the environment.*many/],
  ['a number out of range', { HEARTH_THREADS: '-1' }, /threads in the environment.*-1/],
  ['a value that is not one of a few', { HEARTH_LOG_LEVEL: 'loud' }, /logLevel in the environment.*loud/],
])('%s is refused by name', (_, environment, message) => {
  expect(() => readSettings(file, environment)).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
  expect(() => readSettings(file, environment)).toThrow(message);
});

test.each([
  ['{"threads": 1,}', /JSON in .*settings\.json/],
  ['[1]', /JSON object in .*settings\.json/],
  ['{"thread": 1}', /settings\.json, got thread/],
])('a file that holds %s is refused', async (text, message) => {
  await writeFile(file, text);
  expect(() => readSettings(file, {})).toThrow(message);
});
