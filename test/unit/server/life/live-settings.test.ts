import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import { type LiveSettings, openLiveSettings } from '../../../../daemon/src/server/life/live-settings.ts';
import type { Settings } from '../../../../daemon/src/settings/settings-schema.ts';

let folder: string;
let file: string;
let live: LiveSettings;
let changes: Settings[];
let onChange: (settings: Settings, use: () => void) => Promise<void>;
let prepare: (settings: Settings) => Promise<() => void>;
let wakeUp: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-settings-'));
  file = join(folder, 'settings.json');
  changes = [];
  prepare = async () => () => undefined;
  onChange = async (settings) => {
    changes.push(settings);
    wakeUp();
  };
  await writeFile(file, '{"maxQueuedJobs": 7}');
  live = openLiveSettings({
    file,
    prepare: (settings) => prepare(settings),
    onChange: (settings, use) => onChange(settings, use),
  });
});

afterEach(async () => {
  live.close();
  await rm(folder, { recursive: true });
});

function changed(): Promise<void> {
  return new Promise((resolve) => {
    wakeUp = resolve;
  });
}

async function untilWarning(): Promise<string> {
  for (;;) {
    const warning = live.warning();
    if (warning !== null) return warning;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a file that is written is taken over', async () => {
  expect(live.current().maxQueuedJobs).toBe(7);
  const taken = changed();
  await writeFile(file, '{"maxQueuedJobs": 9}');
  await taken;
  expect([live.current().maxQueuedJobs, changes.length]).toEqual([9, 1]);
});

test('a file that is put in its place is taken over, as editors do it', async () => {
  const taken = changed();
  await writeFile(`${file}.new`, '{"maxQueuedJobs": 11}');
  await rename(`${file}.new`, file);
  await taken;
  expect(live.current().maxQueuedJobs).toBe(11);
});

test('a file that is wrong changes nothing and is told, until it is right again', async () => {
  await writeFile(file, '{"maxQueuedJobs": "many"}');
  expect(await untilWarning()).toMatch(/^The changed settings are not in use: Expected maxQueuedJobs/);
  expect(live.current().maxQueuedJobs).toBe(7);
  const taken = changed();
  await writeFile(file, '{"maxQueuedJobs": 12}');
  await taken;
  await new Promise((resolve) => setImmediate(resolve));
  expect(live.warning()).toBe(null);
});

test('settings that cannot be taken over leave the old ones', async () => {
  onChange = async () => {
    throw new HearthError('MODEL_NOT_FOUND', 'Expected the name of a model, got none.');
  };
  await writeFile(file, '{"model": "none"}');
  expect(await untilWarning()).toContain('Expected the name of a model');
  expect(live.current().model).toBe('whisper-base-4bit');
});

test('while what has changed is tried, and when it fails, the old settings hold', async () => {
  let whileTried = 0;
  prepare = async () => {
    whileTried = live.current().maxQueuedJobs;
    throw new HearthError('MODEL_INVALID', 'Expected weights.');
  };
  await writeFile(file, '{"maxQueuedJobs": 9}');
  expect(await untilWarning()).toContain('Expected weights.');
  expect([whileTried, live.current().maxQueuedJobs, changes.length]).toEqual([7, 7, 0]);
});

test('what was prepared is put to use with the settings, and not with settings that are refused', async () => {
  const used: number[] = [];
  prepare =
    async ({ maxQueuedJobs }) =>
    () =>
      void used.push(maxQueuedJobs);
  onChange = async ({ maxQueuedJobs }, use) => {
    if (maxQueuedJobs === 9) throw new HearthError('NETWORK_OFF', 'Expected a free address.');
    use();
    wakeUp();
  };
  await writeFile(file, '{"maxQueuedJobs": 9}');
  expect(await untilWarning()).toContain('Expected a free address.');
  const taken = changed();
  await writeFile(file, '{"maxQueuedJobs": 11}');
  await taken;
  expect(used).toEqual([11]);
});

test('the file that a link leads to is taken over when it changes, also after the link leads elsewhere', async () => {
  live.close();
  await mkdir(join(folder, 'dotfiles'));
  const [first, second] = [join(folder, 'dotfiles', 'hearth.json'), join(folder, 'dotfiles', 'other.json')];
  await writeFile(first, '{"maxQueuedJobs": 1}');
  await writeFile(second, '{"maxQueuedJobs": 2}');
  await rm(file);
  await symlink(first, file);
  live = openLiveSettings({ file, onChange: (settings, use) => onChange(settings, use) });
  let taken = changed();
  await writeFile(first, '{"maxQueuedJobs": 3}');
  await taken;
  taken = changed();
  await symlink(second, `${file}.new`);
  await rename(`${file}.new`, file);
  await taken;
  taken = changed();
  await writeFile(second, '{"maxQueuedJobs": 4}');
  await taken;
  expect(changes.map(({ maxQueuedJobs }) => maxQueuedJobs)).toEqual([3, 2, 4]);
});
