import { closeSync, constants, futimesSync, lstatSync, openSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { HearthError } from '../../errors/hearth-error.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { readLockHolder } from '../../settings/lock-holder.ts';
import { isAnswered } from './socket-place.ts';

/** https://www.sqlite.org/rescode.html, without the extended part. */
const sqlite = { busy: 5, notADatabase: 26 };
/** Neither a link's target is written to nor a pipe waited for. */
const ownFile =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** A hundred that wait leave the processor to the one that starts. */
const longestPollMs = 500;
/** 26 s without a sign of the holder. Counted, so that a stopped process does not use up its patience. */
const maxPolls = 55;
const signMs = 1_000;

export interface HomeLockRequest {
  readonly paths: Pick<HomePaths, 'home' | 'lockFile' | 'processIdFile' | 'socket'>;
  /** Told once when somebody else has it, with its process where that is known. */
  readonly onWait?: (holder: number | null) => void;
  readonly polls?: number;
  /** How often the holder gives a sign while it starts or stops. */
  readonly signEveryMs?: number;
}

/** What keeps every other daemon out of a home; the kernel releases it when its process ends, however it ends. */
export interface HomeLock {
  /** Whether to tell those that wait that this process is at work; it does until it is told otherwise. */
  giveSigns(isAtWork: boolean): void;
  /** For tests: a daemon keeps it until its process is gone. */
  release(): void;
}

/** A lock whose object is collected would be released. */
const held = new Set<DatabaseSync>();

/**
 * Takes the home for this process. While another process has it, waits until that one answers (null: it is the daemon),
 * or ends: as long as it gives signs, since a start may take minutes on a machine with much to do. Node has no flock; an exclusive transaction of SQLite is the same kind of lock, on every platform.
 * @throws `HOME_IN_USE` when the holder does neither, `HOME_NOT_WRITABLE`
 */
export async function takeHomeLock(request: HomeLockRequest): Promise<HomeLock | null> {
  const { paths, onWait, polls = maxPolls, signEveryMs = signMs } = request;
  let isFirst = true;
  let lastSign = signOf(paths.processIdFile);
  for (let poll = 0; poll < polls; poll++) {
    const database = tryLock(paths);
    // A daemon of version 0.1 answers without a lock.
    if (await isAnswered(paths.socket)) {
      database?.close();
      return null;
    }
    if (database !== null) return hold(database, paths.processIdFile, signEveryMs);
    if (isFirst) onWait?.(holderOf(paths));
    isFirst = false;
    await delay(Math.min(50 * (poll + 1), longestPollMs));
    const sign = signOf(paths.processIdFile);
    if (sign !== lastSign) poll = 0;
    lastSign = sign;
  }
  throw inUse(paths);
}

function hold(database: DatabaseSync, processIdFile: string, signEveryMs: number): HomeLock {
  held.add(database);
  const file = writeProcessId(processIdFile);
  let timer: NodeJS.Timeout | undefined;
  function giveSigns(isAtWork: boolean): void {
    clearInterval(timer);
    if (isAtWork && file !== null) timer = setInterval(giveSign, signEveryMs, file).unref();
  }
  giveSigns(true);
  return {
    giveSigns,
    release() {
      giveSigns(false);
      if (file !== null) closeSync(file);
      held.delete(database);
      database.close();
    },
  };
}

/** For people, for `hearth doctor` and for those that wait; null where it cannot be written. */
function writeProcessId(path: string): number | null {
  try {
    const file = openSync(path, ownFile, 0o600);
    writeSync(file, `${process.pid}\n`);
    return file;
  } catch {
    // The disk may be full, or something of somebody else's be in its place.
    return null;
  }
}

function giveSign(file: number): void {
  try {
    futimesSync(file, new Date(), new Date());
  } catch {
    // A disk that takes no writes says more at another place.
  }
}

function signOf(processIdFile: string): number {
  return lstatSync(processIdFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function tryLock({ home, lockFile }: HomeLockRequest['paths']): DatabaseSync | null {
  requireRegularFile(lockFile);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(lockFile);
    // A journal beside it would be one more file to find in the way.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
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

/** Opened as a database, a pipe would block and a device might do anything. */
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
