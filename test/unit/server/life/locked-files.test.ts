import { execFileSync } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectToHub } from '../../../../daemon/src/models/connect-to-hub.ts';
import { importModel } from '../../../../daemon/src/models/import-model.ts';
import { readModelForm } from '../../../../daemon/src/models/read-model-form.ts';
import { importJournal } from '../../../../daemon/src/server/jobs/import-journal.ts';
import { type HomeLock, takeHomeLock } from '../../../../daemon/src/server/life/home-lock.ts';
import { openDatabase, requireKnownVersion } from '../../../../daemon/src/server/sqlite/open-database.ts';
import { readEntries } from '../../../../daemon/src/server/words/read-entries.ts';
import { type HomePaths, homePaths } from '../../../../daemon/src/settings/home-paths.ts';
import { openWithoutLinks } from '../../../../daemon/src/settings/open-without-links.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';

let paths: HomePaths;
let folder: string;
let lock: HomeLock;

beforeEach(async () => {
  paths = homePaths({ HEARTH_HOME: await mkdtemp(join(tmpdir(), 'hearth-locked-')) });
  folder = join(paths.home, 'whisper');
  await mkdir(folder);
  await writeFile(join(folder, 'model.safetensors'), 'weights');
  lock = (await takeHomeLock({ paths, polls: 1 })) as HomeLock;
});

afterEach(async () => {
  lock.release();
  await rm(paths.home, { recursive: true });
});

/** As another daemon sees it: the locks of a process do not keep out itself. */
function isLockedForOthers(): boolean {
  const program = `
    const { DatabaseSync } = require('node:sqlite');
    try { new DatabaseSync(process.argv[1]).exec('BEGIN EXCLUSIVE'); console.log('free'); }
    catch (error) { console.log(error.errcode === 5 ? 'locked' : String(error)); }`;
  const said = execFileSync(process.execPath, ['-e', program, paths.lockFile], { encoding: 'utf8', stdio: 'pipe' });
  expect(said.trim()).toMatch(/^(free|locked)$/);
  return said.trim() === 'locked';
}

function bring(path: string): Promise<string> {
  return importModel({
    ...{ path, repository: 'owner/tiny', hubFolder: join(paths.home, 'hub'), minFreeDiskBytes: 0 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
  });
}

test.each([
  ['link', symlink],
  ['second name', link],
] as const)('a database that is a %s of the lock is refused without being opened', async (_, make) => {
  for (const path of [paths.historyFile, `${paths.jobsFile}-wal`]) {
    await make(paths.lockFile, path);
    const file = { path: path.replace(/-wal$/, ''), name: 'the history', migrations: [] };
    expect(() => requireKnownVersion(file)).toThrow(expect.objectContaining({ code: 'HOME_NOT_WRITABLE' }));
    expect(() => openDatabase(file)).toThrow('got a link to another one of Hearth’s');
  }
  expect(isLockedForOthers()).toBe(true);
});

const itself = expect.stringContaining('that Hearth itself uses');

test.each([
  ['link', symlink],
  ['second name', link],
] as const)("the home's lock is not opened by a %s that others have made, so it is not lost", async (_, make) => {
  for (const name of ['config.json', 'whisper.tar']) await make(paths.lockFile, join(folder, name));
  for (const name of ['', 'model.safetensors', 'whisper.tar'])
    await expect(bring(join(folder, name))).rejects.toMatchObject({ code: 'MODEL_INVALID', message: itself });
  const file = join(folder, 'config.json');
  expect(await readModelForm(folder)).toBeNull();
  expect(() => connectToHub({ endpoint: 'https://hub.example', certificates: file })).toThrow(
    expect.objectContaining({ code: 'SETTINGS_INVALID', message: itself }),
  );
  expect((await readEntries(file)).fault).toEqual(itself);
  expect(() => readSettings(file, {})).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID', message: itself }));
  const code = make === link ? 'EACCES' : expect.stringMatching(/^(EACCES|ELOOP)$/);
  await expect(openWithoutLinks(file)).rejects.toMatchObject({ code });
  expect(isLockedForOthers()).toBe(true);
});

test('a database that is in use is not opened either, and a copy of it is a file like others', async () => {
  const path = join(paths.home, 'jobs.sqlite');
  const database = openDatabase({ path, name: 'the jobs', migrations: [] });
  try {
    await symlink(`${path}-shm`, join(folder, 'config.json'));
    await expect(bring(folder)).rejects.toMatchObject({ code: 'MODEL_INVALID', message: itself });
    await rm(join(folder, 'config.json'));
    await copyFile(path, join(folder, 'config.json'));
    expect(await bring(folder)).toContain('owner--tiny');
  } finally {
    database.close();
  }
});

test.each([
  ['link', symlink],
  ['second name', link],
] as const)(
  'a journal of an earlier version that is a %s of the lock is kept aside without being read',
  async (_, make) => {
    const database = openDatabase({ path: paths.jobsFile, name: 'the list of jobs', migrations: [] });
    await make(paths.lockFile, paths.journalFile);
    expect(importJournal(database, paths.journalFile)).toMatch(/^The journal of an earlier Hearth was /);
    database.close();
    expect(isLockedForOthers()).toBe(true);
  },
);
