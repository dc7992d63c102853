import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pino from 'pino';
import type { Transcript } from '../../../daemon/src/protocol/transcript.ts';
import { openHistory } from '../../../daemon/src/server/history/open-history.ts';
import { newJob } from '../../../daemon/src/server/jobs/new-job.ts';
import { openJobStore } from '../../../daemon/src/server/jobs/open-job-store.ts';
import { noTimings } from '../../stand-ins/timings.ts';

/** Databases as they lie after a daemon has ended, and the logs beside them after one was killed. */
export const damagedFiles = ['jobs.sqlite', 'history.sqlite', 'jobs.sqlite-wal', 'history.sqlite-wal'] as const;

export interface Damage {
  readonly file: (typeof damagedFiles)[number];
  /** Rows in the sound file. */
  readonly rows: number;
  /** Files that are made of it, each with one wrong byte. */
  readonly tries: number;
  readonly random: () => number;
  /** Only bytes before this one are changed. */
  readonly before?: number;
}

export interface DamageOutcome {
  readonly tries: number;
  /** Rows that were not there any more, over all tries. */
  readonly lostRows: number;
  readonly triesWithLoss: number;
  readonly mostLostAtOnce: number;
  /** Tries that lost a row and said nothing. */
  readonly silentTries: number;
  /** Rows with other words: nothing tells a wrong byte in a text from a right one. */
  readonly changedRows: number;
}

type Rows = ReadonlyMap<string, unknown>;

const log = pino({ level: 'silent' });

/** Makes files with one wrong byte of a sound one, opens each as the daemon does, and counts what is not there any more. */
export async function damageDatabase({ file, rows, tries, random, before }: Damage): Promise<DamageOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-damage-'));
  try {
    const isHistory = file.startsWith('history');
    const files = await (isHistory ? writeHistory : writeJobs)(folder, rows, file.endsWith('-wal'));
    const readAll = isHistory ? readHistory : readJobs;
    const copy = join(folder, 'copy');
    const sound = (await readCopy(copy, files, readAll)).rows;
    const bytes = files.get(file) ?? Buffer.alloc(0);
    const losses: number[] = [];
    let silentTries = 0;
    let changedRows = 0;
    for (let index = 0; index < tries; index++) {
      const damaged = Buffer.from(bytes);
      const place = Math.floor(random() * Math.min(before ?? bytes.length, bytes.length));
      damaged[place] = ((damaged[place] ?? 0) + 1 + Math.floor(random() * 255)) % 256;
      const read = await readCopy(copy, new Map(files).set(file, damaged), readAll);
      const lost = Math.max(0, sound.size - read.rows.size);
      losses.push(lost);
      if (lost > 0 && read.warnings.length === 0) silentTries++;
      for (const [id, row] of read.rows) if (!isDeepStrictEqual(row, sound.get(id))) changedRows++;
    }
    return {
      tries,
      lostRows: losses.reduce((sum, lost) => sum + lost, 0),
      triesWithLoss: losses.filter((lost) => lost > 0).length,
      mostLostAtOnce: Math.max(0, ...losses),
      silentTries,
      changedRows,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readCopy(copy: string, files: ReadonlyMap<string, Buffer>, readAll: typeof readJobs) {
  await mkdir(copy);
  for (const [name, content] of files) await writeFile(join(copy, name), content);
  const read = await readAll(copy);
  await rm(copy, { recursive: true });
  return read;
}

/** The files of a database, with its log where it is still open. */
async function filesOf(path: string, name: string, isOpen: boolean): Promise<Map<string, Buffer>> {
  const names = isOpen ? [name, `${name}-wal`] : [name];
  return new Map(await Promise.all(names.map(async (each) => [each, await readFile(join(path, each))] as const)));
}

function openJobs(folder: string) {
  const [path, journalPath] = [join(folder, 'jobs.sqlite'), join(folder, 'journal.ndjson')];
  return openJobStore({ path, journalPath, log, maxFinishedJobs: 1000 });
}

async function writeJobs(folder: string, rows: number, isKilled: boolean): Promise<Map<string, Buffer>> {
  const store = openJobs(folder);
  for (let index = 0; index < rows; index++) {
    const job = newJob({
      ...{ id: idOf(index), client: 'raycast', createdAt: new Date(index), uploaded: true, name: `talk ${index}.mp3` },
      ...{ audioPath: `/home/somebody/hearth/spool/${idOf(index)}`, modelFolder: '/home/somebody/hearth/models/base' },
      ...{ options: { language: 'en' }, priority: 'bulk', detached: true, kept: index % 4 !== 0 },
    });
    await store.accept(job);
    if (index % 2 === 0) continue;
    job.state = 'done';
    job.endedAt = new Date(index);
    store.end(job, { result: index % 3 === 0 ? transcriptOf(index) : null, awaitsHistory: false });
  }
  const killed = isKilled ? await filesOf(folder, 'jobs.sqlite', true) : null;
  await store.close();
  return killed ?? filesOf(folder, 'jobs.sqlite', false);
}

async function readJobs(folder: string): Promise<{ readonly rows: Rows; readonly warnings: readonly string[] }> {
  const store = openJobs(folder);
  const rows = new Map(store.jobs.map((job) => [job.accepted.id, job]));
  const warnings = store.warnings();
  await store.close();
  return { rows, warnings };
}

function openTranscripts(folder: string) {
  const limits = () => ({ historyDays: 0, historyEntries: 1000 });
  return openHistory({ path: join(folder, 'history.sqlite'), log, limits });
}

async function writeHistory(folder: string, rows: number, isKilled: boolean): Promise<Map<string, Buffer>> {
  const history = openTranscripts(folder);
  for (let index = 0; index < rows; index++) {
    const id = idOf(index);
    history.add({
      id,
      name: `talk ${index}.mp3`,
      createdAt: new Date(index),
      options: {},
      result: transcriptOf(index),
    });
  }
  const killed = isKilled ? await filesOf(folder, 'history.sqlite', true) : null;
  history.close();
  return killed ?? filesOf(folder, 'history.sqlite', false);
}

async function readHistory(folder: string): Promise<{ readonly rows: Rows; readonly warnings: readonly string[] }> {
  const history = openTranscripts(folder);
  const { entries } = history.search({ query: '', limit: 1000, before: null });
  const rows = new Map(entries.map(({ id }) => [id, history.find(id)] as const).filter(([, found]) => found !== null));
  const warnings = history.warnings();
  history.close();
  return { rows, warnings };
}

function idOf(index: number): string {
  return `3f2504e0-4f89-41d3-9a0c-0305e82c${String(index).padStart(4, '0')}`;
}

/** As short as a dictation, or too long for a page. */
function transcriptOf(index: number): Transcript {
  const text = Array.from({ length: index % 5 === 0 ? 1000 : 40 }, (_, word) => ` word${index * word}`).join('');
  return {
    ...{ text, segments: [], language: 'en', language_probability: null, language_probabilities: null },
    ...{ task: 'transcribe', duration: 2, model: 'base', warnings: [], timings: noTimings },
  };
}
