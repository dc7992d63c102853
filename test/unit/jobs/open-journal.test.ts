import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { AcceptedRecord, EndedRecord } from '../../../daemon/src/jobs/journal-record.ts';
import { type Journal, openJournal } from '../../../daemon/src/jobs/open-journal.ts';

let folder: string;
let path: string;
let journal: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-journal-'));
  path = join(folder, 'journal.ndjson');
  journal = await openJournal(path);
});

afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true });
});

function accepted(id: string): AcceptedRecord {
  return {
    ...{ type: 'accepted', id, client: '', createdAt: '2026-01-01T00:00:00.000Z', audioPath: `/spool/${id}` },
    ...{ uploaded: true, name: null, modelFolder: '/model', options: {}, priority: 'bulk' },
    ...{ detached: true, kept: true },
  };
}

function ended(id: string): EndedRecord {
  return { type: 'ended', id, state: 'done', endedAt: '2026-01-01T00:00:01.000Z', error: null };
}

async function reopen(options: { maxBytes?: number } = {}): Promise<void> {
  await journal.close();
  journal = await openJournal(path, options);
}

test('what was appended is there when the journal is opened again', async () => {
  await journal.append(accepted('a'));
  await Promise.all([journal.append(accepted('b')), journal.append(ended('a'))]);
  await reopen();
  expect(journal.jobs).toEqual([
    { accepted: accepted('a'), ended: ended('a') },
    { accepted: accepted('b'), ended: null },
  ]);
  expect(journal.damagedCopy).toBe(null);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a record is in the file when its promise resolves', async () => {
  await journal.append(accepted('a'));
  expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(accepted('a'))}\n`);
});

test('a line that a crash cut short is dropped and no damage', async () => {
  await journal.append(accepted('a'));
  await appendFile(path, '{"type":"accepted","id":"b","aud');
  await reopen();
  expect(journal.jobs.map((job) => job.accepted.id)).toEqual(['a']);
  expect(journal.damagedCopy).toBe(null);
  await journal.append(ended('a'));
  await reopen();
  expect(journal.jobs).toMatchObject([{ ended: { state: 'done' } }]);
});

test.each([
  ['bytes that are no JSON', Buffer.from([0, 255, 10])],
  ['JSON of another kind', Buffer.from('null\n[]\n"text"\n')],
  ['a job without its recording', Buffer.from('{"type":"accepted","id":"x"}\n')],
  ['the end of an unknown job', Buffer.from(`${JSON.stringify(ended('x'))}\n`)],
])('%s between records is left out and a copy is kept', async (_, damage) => {
  await journal.append(accepted('a'));
  await appendFile(path, damage);
  await appendFile(path, `${JSON.stringify(accepted('b'))}\n`);
  const before = await readFile(path);
  await reopen();
  expect(journal.jobs.map((job) => job.accepted.id)).toEqual(['a', 'b']);
  expect(await readFile(journal.damagedCopy as string)).toEqual(before);
  await reopen();
  expect(journal.damagedCopy).toBe(null);
});

test('a file of nothing but noise opens empty', async () => {
  await journal.close();
  await writeFile(path, Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256)));
  journal = await openJournal(path);
  expect(journal.jobs).toEqual([]);
  expect(journal.damagedCopy).not.toBe(null);
});

test('forgotten jobs leave the file when it is written anew, also while it is in use', async () => {
  await reopen({ maxBytes: 2000 });
  for (let index = 0; index < 50; index++) {
    await journal.append(accepted(`job-${index}`));
    await journal.append(ended(`job-${index}`));
    journal.forget(`job-${index}`);
  }
  await journal.append(accepted('last'));
  expect((await stat(path)).size).toBeLessThan(3000);
  await reopen();
  expect(journal.jobs.at(-1)?.accepted.id).toBe('last');
  expect(await readdir(folder)).toEqual(['journal.ndjson']);
});

test('a job that has not ended is not forgotten', async () => {
  await journal.append(accepted('a'));
  journal.forget('a');
  await reopen();
  expect(journal.jobs).toHaveLength(1);
});

test('a record that cannot be written was never said', async () => {
  await journal.append(accepted('a'));
  await journal.close();
  await expect(journal.append(accepted('b'))).rejects.toThrow();
  await expect(journal.append(ended('a'))).rejects.toThrow();
  expect(journal.jobs).toEqual([{ accepted: accepted('a'), ended: null }]);
});
