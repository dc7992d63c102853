import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { WatchRules } from '../../../../daemon/src/protocol/watched-folders.ts';
import { openWatch } from '../../../../daemon/src/server/watch/open-watch.ts';
import type { Watch } from '../../../../daemon/src/server/watch/watch.ts';
import { openWatchStore } from '../../../../daemon/src/server/watch/watch-store.ts';

let folder: string;
let path: string;
let watch: Watch | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-watch-rows-'));
  path = join(folder, 'watch.sqlite');
  watch = null;
  const store = openWatchStore(path);
  for (const id of ['first', 'second']) {
    const rules: WatchRules = {
      ...{ path: join(folder, id), to: null, formats: ['txt'], options: {}, moveDone: null },
      ...{ recursive: false, endings: null, history: true },
    };
    const found = { path: join(folder, id, 'a.wav'), node: '1:1', size: 1, mtimeMs: 1, ctimeMs: 1, isDataless: false };
    store.addFolder({ id, rules, isPaused: false, addedAtMs: 0, disks: { to: null, moveDone: null } }, [found]);
  }
  store.close();
});

afterEach(async () => {
  await watch?.stop();
  rmSync(folder, { recursive: true });
});

/** Starts with a row that somebody, or a fault of the disk, has changed. */
function open(sql: string): Watch {
  if (sql !== '') {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  }
  const none = () => {
    throw new Error('Expected no job.');
  };
  const jobs = { takePlace: none, get: none, hold: () => () => undefined, cancel: none };
  const models = { find: none, list: none, translator: () => null };
  watch = openWatch({ path, jobs, models, history: { find: () => null }, log: pino({ level: 'silent' }) });
  watch.start();
  return watch;
}

test.each([
  ['rules = replace(rules, \'{"path"\', \'x"path"\')'],
  ["rules = 'null'"],
  ["rules = '{}'"],
  ["rules = json_set(rules, '$.formats', 'txt')"],
  ["rules = json_set(rules, '$.formats', json('[\"zzz\"]'))"],
])('a folder with %s is skipped and told, and the others are watched', (damage) => {
  const { list, warnings, remove } = open(`UPDATE folders SET ${damage} WHERE id = 'first'`);
  expect(list().map(({ id }) => id)).toEqual(['second']);
  expect(warnings()).toContainEqual(expect.stringContaining('its entry is damaged: first.'));
  remove('first');
  expect(warnings().join()).not.toContain('damaged');
  expect(() => remove('first')).toThrow(expect.objectContaining({ code: 'WATCH_NOT_FOUND' }));
});

test('a time that no calendar has, and numbers that nothing holds, keep no folder from being watched', () => {
  const { list } = open(
    'UPDATE folders SET addedAtMs = 9223372036854775807; UPDATE recordings SET size = 9223372036854775807',
  );
  expect(list().map(({ id }) => id)).toEqual(['first', 'second']);
});

test.each([
  ["state = 'writing', jobId = 'j', plan = '{'", 'Its entry in the list of watched folders is damaged.'],
  [
    "state = 'writing', jobId = 'j', plan = '{\"outputs\":[{}]}'",
    'Its entry in the list of watched folders is damaged.',
  ],
  ["state = 'failed', error = '{'", 'Its entry in the list of watched folders is damaged.'],
])('a recording with %s fails, and the others go on', (damage, message) => {
  const { list } = open(`UPDATE recordings SET ${damage} WHERE folderId = 'first'`);
  const [first, second] = list();
  expect(first).toMatchObject({ counts: { failed: 1, running: 0 }, failures: [{ error: { message } }] });
  expect(second).toMatchObject({ counts: { failed: 0 }, failures: [] });
});

test('a list that another program holds at the start is used as soon as it lets go', async () => {
  const other = new DatabaseSync(path);
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE folders SET isPaused = 1');
  const { list, warnings } = open('');
  expect(warnings()).toEqual([expect.stringContaining('Watched folders cannot be used now. Another program holds')]);
  expect(() => list()).toThrow(expect.objectContaining({ code: 'HOME_BUSY' }));
  other.exec('ROLLBACK');
  other.close();
  expect(list().map(({ id }) => id)).toEqual(['first', 'second']);
  expect(warnings().join()).not.toContain('cannot be used');
});
