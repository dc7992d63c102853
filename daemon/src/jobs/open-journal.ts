import { copyFile, type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskFullError } from './disk-full-error.ts';
import type { AcceptedRecord, EndedRecord, JournalRecord } from './journal-record.ts';
import { syncFolder } from './sync-folder.ts';

/** Length at which the journal is written anew with what still counts. */
const rewriteBytes = 4 * 1024 * 1024;

/** A job that was accepted, and its end when it came to one. */
export interface JournaledJob {
  readonly accepted: AcceptedRecord;
  readonly ended: EndedRecord | null;
}

/** What was promised to clients, on disk: an append-only file that outlives the process. */
export interface Journal {
  /** What the file held when it was opened, in the order of acceptance. */
  readonly jobs: readonly JournaledJob[];
  /** Where a damaged file was copied to before its readable lines were taken over; null for a sound one. */
  readonly damagedCopy: string | null;
  /** Resolves when the record is on disk. @throws `DISK_FULL` */
  append(record: JournalRecord): Promise<void>;
  /** Forgets a job that has ended. */
  forget(id: string): void;
  close(): Promise<void>;
}

/** Opens the journal, making it when there is none, and writes it anew without what is over. */
export async function openJournal(path: string, { maxBytes = rewriteBytes } = {}): Promise<Journal> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { jobs, isDamaged } = parse(await readIfThere(path));
  const damagedCopy = isDamaged ? `${path}.damaged-${Date.now()}` : null;
  if (damagedCopy !== null) await copyFile(path, damagedCopy);

  let file = await rewrite(path, jobs);
  let byteCount = (await file.stat()).size;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;

  /** Records that come while one is written share the next write: a sync costs the same for many. */
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ record }) => `${JSON.stringify(record)}\n`).join(''));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { record, reject } of batch) {
          takeBack(jobs, record);
          reject(diskFullError(error));
        }
      }
    }
    writing = null;
  }

  async function write(lines: string): Promise<void> {
    try {
      await file.appendFile(lines);
      await file.datasync();
    } catch (error) {
      // A line that is half written would swallow the next one.
      await file.truncate(byteCount).catch(() => undefined);
      throw error;
    }
    byteCount += Buffer.byteLength(lines);
    // What was written is safe: where there can be no new file, the old one grows on.
    if (byteCount > maxBytes) await startAnew().catch(() => undefined);
  }

  async function startAnew(): Promise<void> {
    const next = await rewrite(path, jobs);
    const previous = file;
    file = next;
    byteCount = (await file.stat()).size;
    await previous.close();
  }

  return {
    get jobs() {
      return [...jobs.values()];
    },
    damagedCopy,
    append(record) {
      remember(jobs, record);
      return new Promise((resolve, reject) => {
        waiting.push({ record, resolve, reject });
        writing ??= writeAll();
      });
    },
    forget(id) {
      if (jobs.get(id)?.ended) jobs.delete(id);
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}

interface Waiting {
  readonly record: JournalRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

async function readIfThere(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : readFile(path, 'utf8');
}

/** A last line without its end is what a crash leaves, and nobody was told of it; any other broken line is damage. */
function parse(text: string): { jobs: Map<string, JournaledJob>; isDamaged: boolean } {
  const jobs = new Map<string, JournaledJob>();
  let isDamaged = false;
  for (const line of text.split('\n').slice(0, -1)) {
    const record = parseLine(line);
    if (record === null || !remember(jobs, record)) isDamaged = true;
  }
  return { jobs, isDamaged };
}

function parseLine(line: string): JournalRecord | null {
  try {
    const record = JSON.parse(line) as JournalRecord | null;
    if (typeof record?.id !== 'string') return null;
    if (record.type === 'ended') return typeof record.state === 'string' ? record : null;
    if (record.type !== 'accepted' || typeof record.audioPath !== 'string') return null;
    return typeof record.modelFolder === 'string' && typeof record.options === 'object' ? record : null;
  } catch {
    return null;
  }
}

/** False for the end of a job that was never accepted. */
function remember(jobs: Map<string, JournaledJob>, record: JournalRecord): boolean {
  if (record.type === 'accepted') {
    jobs.set(record.id, { accepted: record, ended: null });
    return true;
  }
  const job = jobs.get(record.id);
  if (job === undefined) return false;
  jobs.set(record.id, { ...job, ended: record });
  return true;
}

/** What could not be written was never said. */
function takeBack(jobs: Map<string, JournaledJob>, record: JournalRecord): void {
  const job = jobs.get(record.id);
  if (record.type === 'accepted') jobs.delete(record.id);
  else if (job !== undefined) jobs.set(record.id, { ...job, ended: null });
}

/** Writes a file with what counts and puts it in the place of the old one; more can be appended to it. */
async function rewrite(path: string, jobs: ReadonlyMap<string, JournaledJob>): Promise<FileHandle> {
  const records = [...jobs.values()].flatMap(({ accepted, ended }) =>
    ended === null ? [accepted] : [accepted, ended],
  );
  const next = `${path}.next`;
  await rm(next, { force: true });
  const file = await open(next, 'a', 0o600);
  try {
    await file.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await file.sync();
    await rename(next, path);
  } catch (error) {
    await file.close();
    throw error;
  }
  await syncFolder(dirname(path));
  return file;
}
