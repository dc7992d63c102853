import { closeSync, futimesSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../../errors/hearth-error.ts';
import { watchPlace } from '../../settings/file-identity.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { readLockHolder } from '../../settings/lock-holder.ts';
import { rememberLocked } from '../../settings/locked-files.ts';
import { isAnswered } from './socket-place.ts';

/** https://www.sqlite.org/rescode.html, without the extended part. */
const sqlite = { busy: 5, notADatabase: 26 };
/** A hundred waiting processes leave the processor to the one that starts. */
const longestPollMs = 500;
/** 26 s without a sign from the holder. Counted, so that time in which this process is stopped does not count. */
const maxPolls = 55;
const signMs = 1_000;

export interface HomeLockRequest {
  readonly paths: Pick<HomePaths, 'home' | 'lockFile' | 'ownerFile' | 'processIdFile' | 'socket'>;
  /** Called once if another process has the lock, with that process if it is known. */
  readonly onWait?: (holder: number | null) => void;
  readonly polls?: number;
  /** How often the holder gives a sign while it is starting or stopping. */
  readonly signEveryMs?: number;
}

/** Keeps every other daemon out of a home. The kernel releases it when the process ends, however it ends. */
export interface HomeLock {
  /** Whether to signal waiting processes that this one is working. On until it is turned off. */
  giveSigns(isAtWork: boolean): void;
  /**
   * Locks the file anew that somebody has put in the place of a lock, or has left away. `taken`: another process has locked
   * it. @throws `HOME_NOT_WRITABLE` if what is there takes no lock; then no other daemon can start either
   */
  keep(): 'kept' | 'locked anew' | 'taken';
  /** For tests. A daemon keeps the lock until its process ends. */
  release(): void;
}

/** A lock whose object is garbage-collected would be released. */
const held = new Set<DatabaseSync>();

/**
 * Locks the home for this process. While another process has the lock, waits until it answers as a daemon (returns
 * null) or ends, for as long as it gives signs: a start may take minutes on a busy machine. Node has no flock; an
 * exclusive SQLite transaction is the same kind of lock on every platform.
 * @throws `HOME_IN_USE` if the holder does neither, `HOME_NOT_WRITABLE`
 */
export async function takeHomeLock(request: HomeLockRequest): Promise<HomeLock | null> {
  const { paths, onWait, polls = maxPolls, signEveryMs = signMs } = request;
  let isFirst = true;
  let lastSign = signOf(paths.processIdFile);
  for (let poll = 0; poll < polls; poll++) {
    const locks = tryLocks(paths);
    // A daemon of version 0.1 answers but has no lock.
    if (await isAnswered(paths.socket)) {
      for (const { database } of locks ?? []) database.close();
      return null;
    }
    if (locks !== null) return hold(locks, paths, signEveryMs);
    if (isFirst) onWait?.(holderOf(paths));
    isFirst = false;
    await delay(Math.min(50 * (poll + 1), longestPollMs));
    const sign = signOf(paths.processIdFile);
    if (sign !== lastSign) poll = 0;
    lastSign = sign;
  }
  throw inUse(paths);
}

interface Lock {
  readonly file: string;
  readonly database: DatabaseSync;
  readonly isInPlace: () => boolean;
}

function hold(first: readonly Lock[], paths: HomeLockRequest['paths'], signEveryMs: number): HomeLock {
  let locks = first;
  for (const { database } of locks) held.add(database);
  const file = writeProcessId(paths.processIdFile);
  let timer: NodeJS.Timeout | undefined;
  function giveSigns(isAtWork: boolean): void {
    clearInterval(timer);
    if (isAtWork && file !== null) timer = setInterval(giveSign, signEveryMs, file).unref();
  }
  giveSigns(true);
  return {
    giveSigns,
    keep() {
      let outcome: 'kept' | 'locked anew' = 'kept';
      for (const lost of locks.filter(({ isInPlace }) => !isInPlace())) {
        const again = tryLock(paths.home, lost.file);
        if (again === null) return 'taken';
        held.add(again.database);
        held.delete(lost.database);
        lost.database.close();
        locks = locks.map((lock) => (lock === lost ? again : lock));
        outcome = 'locked anew';
      }
      return outcome;
    },
    release() {
      giveSigns(false);
      if (file !== null) closeSync(file);
      for (const { database } of locks) {
        held.delete(database);
        database.close();
      }
    },
  };
}

/**
 * For people, `hearth doctor` and waiting processes; null if it cannot be written. A new file takes the name: what has it may be
 * somebody's own under a second name, or one of ours, whose lock would be lost if it was opened.
 */
function writeProcessId(path: string): number | null {
  const next = `${path}.next`;
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) return null;
    rmSync(next, { force: true });
    const file = openSync(next, 'wx', 0o600);
    writeSync(file, `${process.pid}\n`);
    renameSync(next, path);
    return file;
  } catch {
    // The disk may be full, or something else may be in its place.
    return null;
  }
}

function giveSign(file: number): void {
  try {
    futimesSync(file, new Date(), new Date());
  } catch {
    // If the disk cannot be written, a later error says more.
  }
}

function signOf(processIdFile: string): number {
  return lstatSync(processIdFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** All or none. A daemon that runs has the first at least, so that nobody disturbs it while it makes the other anew. */
function tryLocks({ home, ownerFile, lockFile }: HomeLockRequest['paths']): readonly Lock[] | null {
  const owner = tryLock(home, ownerFile);
  if (owner === null) return null;
  try {
    const lock = tryLock(home, lockFile);
    if (lock !== null) return [owner, lock];
  } catch (error) {
    owner.database.close();
    throw error;
  }
  owner.database.close();
  return null;
}

function tryLock(home: string, lockFile: string): Lock | null {
  requireRegularFile(lockFile);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(lockFile);
    // A journal beside it would be one more file that could be in the way.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    rememberLocked(lockFile);
    return { file: lockFile, database, isInPlace: watchPlace(lockFile) };
  } catch (cause) {
    database?.close();
    const { errcode = 0 } = cause as { readonly errcode?: number };
    if ((errcode & 0xff) === sqlite.busy) return null;
    if ((errcode & 0xff) === sqlite.notADatabase) throw foreignLock(lockFile, 'another program’s file');
    throw new HearthError('HOME_NOT_WRITABLE', `${home} cannot be locked: its disk takes no lock, or no writes.`, {
      cause,
      hint: 'Make the folder writable, or set HEARTH_HOME to a folder on a local disk.',
    });
  }
}

/** Opening a pipe as a database would block, and a device might do anything. */
function requireRegularFile(lockFile: string): void {
  const status = lstatSync(lockFile, { throwIfNoEntry: false });
  if (status !== undefined && !status.isFile()) throw foreignLock(lockFile, 'something else');
}

function foreignLock(lockFile: string, found: string): HearthError {
  return new HearthError('HOME_NOT_WRITABLE', `Expected Hearth's lock file at ${lockFile}, got ${found}.`, {
    hint: 'Move it away, or set HEARTH_HOME to another folder.',
  });
}

function holderOf(paths: HomeLockRequest['paths']): number | null {
  return readLockHolder(paths)?.processId ?? null;
}

function inUse(paths: HomeLockRequest['paths']): HearthError {
  const processId = holderOf(paths);
  const holder = processId === null ? 'Another process' : `Process ${processId}`;
  return new HearthError('HOME_IN_USE', `${holder} uses ${paths.home} and does not answer.`, {
    hint:
      processId === null ? 'Find it with `hearth doctor`.' : `Wait for it, or end it with \`kill -9 ${processId}\`.`,
  });
}
