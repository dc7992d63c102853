import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import { cautiousLimits, withoutNetwork } from '../../../../daemon/src/server/life/cautious-limits.ts';
import { type LiveSettings, openLiveSettings } from '../../../../daemon/src/server/life/live-settings.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';
import { isSettingsFileAway } from '../../../../daemon/src/settings/settings-file-away.ts';
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
  live = await openLiveSettings({
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
  live = await openLiveSettings({ file, onChange: (settings, use) => onChange(settings, use) });
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

test('a file that is gone changes nothing and is told, until it is there again', async () => {
  await rename(file, `${file}.away`);
  expect(await untilWarning()).toBe(
    `The changed settings are not in use: ${file} is gone. What it said holds until it is there again, or Hearth starts again.`,
  );
  expect([live.current().maxQueuedJobs, live.limits(), changes]).toEqual([7, live.current(), []]);
  await rename(`${file}.away`, file);
  while (live.warning() !== null) await new Promise((resolve) => setTimeout(resolve, 10));
  const taken = changed();
  await writeFile(file, '{"maxQueuedJobs": 9}');
  await taken;
  expect(live.current().maxQueuedJobs).toBe(9);
});

test('the disk of a link goes away and comes back: what the file said holds, and what it says by then is taken over', async () => {
  live.close();
  const [disk, away] = [join(folder, 'disk'), join(folder, 'away')];
  await mkdir(disk);
  await writeFile(join(disk, 'hearth.json'), '{"maxQueuedJobs": 1}');
  await rm(file);
  await symlink(join(disk, 'hearth.json'), file);
  live = await openLiveSettings({ file, onChange: (settings, use) => onChange(settings, use), retryMs: 1 });
  await rename(disk, away);
  // Whatever has the file looked at.
  await unlink(file);
  await symlink(join(disk, 'hearth.json'), file);
  expect(await untilWarning()).toMatch(/cannot be read: it is a link, and what it leads to does not exist\.$/);
  expect(live.current().maxQueuedJobs).toBe(1);
  const taken = changed();
  await writeFile(join(away, 'hearth.json'), '{"maxQueuedJobs": 2}');
  await rename(away, disk);
  await taken;
  expect(live.current().maxQueuedJobs).toBe(2);
});

test('at a start, a link that leads nowhere is refused, and may be right in a moment', async () => {
  await symlink(join(folder, 'nowhere'), join(folder, 'link.json'));
  const thrown = await openLiveSettings({ file: join(folder, 'link.json'), onChange }).catch((error) => error);
  expect(thrown).toMatchObject({ code: 'SETTINGS_INVALID' });
  expect(isSettingsFileAway(thrown)).toBe(true);
  await writeFile(join(folder, 'wrong.json'), '{"maxQueuedJobs": "many"}');
  const wrong = await openLiveSettings({ file: join(folder, 'wrong.json'), onChange }).catch((error) => error);
  expect([wrong.code, isSettingsFileAway(wrong)]).toEqual(['SETTINGS_INVALID', false]);
});

test('without a file, defaults delete nothing before the daemon has run for a while', async () => {
  live.close();
  await rm(file);
  let nowMs = 0;
  const open = () =>
    openLiveSettings({
      file,
      onChange: (settings, use) => onChange(settings, use),
      doubtMs: 100,
      monotonicNow: () => nowMs,
    });
  live = await open();
  const everything = {
    historyDays: 0,
    historyEntries: Number.MAX_SAFE_INTEGER,
    maxFinishedJobs: Number.MAX_SAFE_INTEGER,
  };
  expect(live.limits()).toMatchObject(everything);
  expect(live.current()).toMatchObject({ historyDays: 365, historyEntries: 10_000, maxFinishedJobs: 100 });
  nowMs = 100;
  expect(live.limits()).toBe(live.current());
  live.close();
  live = await open();
  const taken = changed();
  await writeFile(file, '{"historyDays": 7}');
  await taken;
  // For as long as somebody may be typing it.
  expect(live.limits()).toMatchObject(everything);
  nowMs += 10 * 60_000;
  expect(live.limits()).toMatchObject({ historyDays: 7, historyEntries: 10_000 });
});

test('a limit that is saved while it is typed deletes nothing; to turn the history off does', async () => {
  live.close();
  let nowMs = 0;
  live = await openLiveSettings({
    ...{ file, typingMs: 100, monotonicNow: () => nowMs },
    onChange: (settings, use) => onChange(settings, use),
  });
  for (const typed of ['1', '15', '15000']) {
    const taken = changed();
    await writeFile(`${file}.new`, `{"historyEntries": ${typed}}`);
    await rename(`${file}.new`, file);
    await taken;
    expect(live.limits().historyEntries).toBe(Number.MAX_SAFE_INTEGER);
  }
  nowMs = 100;
  expect(live.limits().historyEntries).toBe(15_000);
  const taken = changed();
  await writeFile(file, '{"historyEntries": 0}');
  await taken;
  expect(live.limits().historyEntries).toBe(0);
});

test('a start without the file that was there before opens no network and deletes nothing, until it is there again', async () => {
  live.close();
  let nowMs = 0;
  const open = () =>
    openLiveSettings({
      ...{ file, hadFile: join(folder, 'had-settings'), doubtMs: 100, monotonicNow: () => nowMs },
      onChange: (settings, use) => onChange(settings, use),
    });
  live = await open();
  live.close();
  await rm(file);
  live = await open();
  nowMs = 1000;
  expect(live.current()).toMatchObject({ network: 'off', maxQueuedJobs: 200 });
  expect(live.limits()).toMatchObject({ historyDays: 0, historyEntries: Number.MAX_SAFE_INTEGER });
  expect(live.warning()).toMatch(/is gone\..*write \{\} into it/);
  const taken = changed();
  await writeFile(`${file}.new`, '{}');
  await rename(`${file}.new`, file);
  await taken;
  expect([live.current().network, live.limits(), live.warning()]).toEqual(['on', live.current(), null]);
});

test('settings that are lost while a daemon runs are lost for the next one, too', async () => {
  live.close();
  const hadFile = join(folder, 'had-settings');
  await rm(file);
  const open = () => openLiveSettings({ file, hadFile, onChange: (settings, use) => onChange(settings, use) });
  live = await open();
  expect([live.current().network, live.warning()]).toEqual(['on', null]);
  const taken = changed();
  await writeFile(file, '{"maxQueuedJobs": 3}');
  await taken;
  live.close();
  await rm(file);
  live = await open();
  expect(live.current().network).toBe('off');
});

test('what the environment says holds, with a file or without', () => {
  const settings = readSettings(join(folder, 'none.json'), {});
  expect(cautiousLimits(settings, { HEARTH_HISTORY_DAYS: '365', HEARTH_HISTORY_ENTRIES: '' })).toMatchObject({
    historyDays: 365,
    historyEntries: Number.MAX_SAFE_INTEGER,
  });
  expect(withoutNetwork(settings, { HEARTH_NETWORK: 'on' }).network).toBe('on');
  expect(withoutNetwork(settings, {}).network).toBe('off');
});
