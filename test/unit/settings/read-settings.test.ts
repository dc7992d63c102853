import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import {
  defaultModelName,
  embeddedModelName,
  recommendedModelName,
} from '../../../daemon/src/settings/default-model.ts';
import { readSettings, variableName } from '../../../daemon/src/settings/read-settings.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-settings-'));
  file = join(folder, 'settings.json');
});

afterEach(() => rm(folder, { recursive: true }));

test('without a file every setting has its default', () => {
  expect(readSettings(file, {})).toMatchObject({
    model: defaultModelName(),
    threads: 0,
    arithmetic: 'exact',
    logLevel: 'info',
  });
});

test('a Mac transcribes with the recommended model by default, anything else with the embedded one', () => {
  expect(defaultModelName('darwin')).toBe(recommendedModelName);
  expect(defaultModelName('linux')).toBe(embeddedModelName);
});

test('the file goes before the defaults, and the environment before the file', async () => {
  await writeFile(file, JSON.stringify({ threads: 3, maxQueuedJobs: 7 }));
  const settings = readSettings(file, { HEARTH_THREADS: '5' });
  expect(settings).toMatchObject({ threads: 5, maxQueuedJobs: 7 });
});

test('a variable without a value says nothing', () => {
  expect(readSettings(file, { HEARTH_MODEL: '' }).model).toBe(defaultModelName());
});

test.each(['', '127.0.0.1:0', '[::1]:65535', 'studio.local:8377'])('the address %j is listened on', (listen) => {
  expect(readSettings(file, { HEARTH_LISTEN: listen }).listen).toBe(listen);
});

test('a list in a variable is JSON, or has commas between its values', () => {
  expect(readSettings(file, {}).mcpFolders).toEqual([]);
  expect(readSettings(file, { HEARTH_MCP_FOLDERS: '/a b, ~/c' }).mcpFolders).toEqual(['/a b', '~/c']);
  expect(readSettings(file, { HEARTH_MCP_FOLDERS: '["/a,b"]' }).mcpFolders).toEqual(['/a,b']);
});

test.each(['a', '["a"]', '["/a"', '[1]'])('the list of folders %j is refused in words', (given) => {
  expect(() => readSettings(file, { HEARTH_MCP_FOLDERS: given })).toThrow(
    /^Expected HEARTH_MCP_FOLDERS to be a list of absolute paths, such as .*, got /,
  );
});

test('a variable is named after its setting', () => {
  expect(variableName('maxQueuedJobs')).toBe('HEARTH_MAX_QUEUED_JOBS');
});

test.each([
  ['HEARTH_THREADS', 'many', 'Expected HEARTH_THREADS to be integer, got "many".'],
  ['HEARTH_THREADS', '-1', 'Expected HEARTH_THREADS to be >= 0, got -1.'],
  // What timers and SQLite would take for something else.
  ['HEARTH_UPLOAD_IDLE_SECONDS', '100000000', 'Expected HEARTH_UPLOAD_IDLE_SECONDS to be <= 2000000, got 100000000.'],
  ['HEARTH_DRAIN_SECONDS', '3000000', 'Expected HEARTH_DRAIN_SECONDS to be <= 2000000, got 3000000.'],
  ['HEARTH_HISTORY_ENTRIES', '1e300', 'Expected HEARTH_HISTORY_ENTRIES to be <= 1000000000, got 1e+300.'],
  ['HEARTH_ARITHMETIC', 'bf16', 'Expected HEARTH_ARITHMETIC to be one of exact, int8, got "bf16".'],
  ['HEARTH_LOG_LEVEL', 'loud', 'Expected HEARTH_LOG_LEVEL to be one of error, warn, info, debug, got "loud".'],
])('the variable %s with %s is refused', (name, value, message) => {
  expect(() => readSettings(file, { [name]: value })).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID', message }),
  );
});

test.each([
  ['{"threads": 1,}', /Expected JSON in .*settings\.json, got/],
  ['[1]', /JSON object in .*settings\.json, got an array/],
  ['{"threads": "4"}', /threads in .*settings\.json to be integer, got "4"/],
  [
    '{"listen": "127.0.0.1"}',
    /listen in .*settings\.json to be an address with a port, such as .*, got "127\.0\.0\.1"/,
  ],
  ['{"listen": "127.0.0.1:65536"}', /listen in .*settings\.json to be an address with a port/],
  ['{"hubEndpoint": "hub"}', /hubEndpoint in .*settings\.json to be http:\/\/ or https:\/\/ with a host/],
  ['{"thread": 1}', /one of model, draftModel, threads, .* in .*settings\.json, got thread/],
])('a file that holds %s is refused', async (text, message) => {
  await writeFile(file, text);
  expect(() => readSettings(file, {})).toThrow(message);
});

test.each([
  '{"token": 12345678901234}',
  '{"token": hunter2secret}',
  '"hunter2secret"',
  '{"hubEndpoint": "https://me:hunter2@hub/ x"}',
  '{"proxy": "https://me:hunter2@proxy/x"}',
])('what may be a secret in %s is in no message', async (text) => {
  await writeFile(file, text);
  const error = (() => {
    try {
      return readSettings(file, {});
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(HearthError);
  expect(inspect(error)).not.toMatch(/12345678901234|hunter2/);
});

test('a pipe in the place of the file is refused and not waited for', () => {
  execFileSync('mkfifo', [file]);
  expect(() => readSettings(file, {})).toThrow(/settings\.json cannot be read: it is no file\./);
});

test('a key that is nearly a setting is told the setting', async () => {
  await writeFile(file, '{"thread": 1}');
  expect(() => readSettings(file, {})).toThrow(expect.objectContaining({ hint: 'Did you mean threads?' }));
});

test.each([
  [
    'settings of a thousand levels',
    () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    'Expected JSON of at most 32 levels',
  ],
  [
    'a setting of a thousand levels',
    () => `{"model":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    'Expected JSON of at most 32 levels',
  ],
  ['settings without an end', () => ' '.repeat(1024 * 1024 + 1), 'it is too large'],
  ['a long value', () => JSON.stringify({ threads: 'x'.repeat(1_000_000) }), /got "x{99}…\.$/],
  ['a long name', () => JSON.stringify({ ['x'.repeat(1_000_000)]: 1 }), /got x{100}…\.$/],
])('%s are refused in few words', async (_, content, told) => {
  await writeFile(file, content());
  expect(() => readSettings(file, {})).toThrow(
    expect.objectContaining({
      code: 'SETTINGS_INVALID',
      message: typeof told === 'string' ? expect.stringContaining(told) : expect.stringMatching(told),
    }),
  );
});
