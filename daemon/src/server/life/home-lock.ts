import { closeSync, constants, lstatSync, openSync, writeSync } from 'node:fs';
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
/** 26 s, less than a command waits for its daemon. Counted, so that a stopped process does not use up its patience. */
const maxPolls = 55;

export interface HomeLockRequest {
  readonly paths: Pick<HomePaths, 'home' | 'lockFile' | 'processIdFile' | 'socket'>;
  /** Told once when somebody else has it, with its process where that is known. */
  readonly onWait?: (holder: number | null) => void;
  readonly polls?: number;
}

/** What keeps every other daemon out of a home; the kernel releases it when its process ends, however it ends. */
export interface HomeLock {
  /** For tests: a daemon keeps it until its process is gone. */
  release(): void;
}

/** A lock whose object is collected would be released. */
const held = new Set<DatabaseSync>();

/**
 * Takes the home for this process. While another process has it, waits until that one answers (null: it is the daemon),
 * or ends. Node has no flock; an exclusive transaction of SQLite is the same kind of lock, on every platform.
 * @throws `HOME_IN_USE` when the holder does neither, `HOME_NOT_WRITABLE`
 */
export async function takeHomeLock(request: HomeLockRequest): Promise<HomeLock | null> {
  const { paths, onWait, polls = maxPolls } = request;
  for (let poll = 0; poll < polls; poll++) {
    const database = tryLock(paths);
    // A daemon of version 0.1 answers without a lock.
    if (await isAnswered(paths.socket)) {
      database?.close();
      return null;
    }
    if (database !== null) return hold(database, paths.processIdFile);
    if (poll === 0) onWait?.(holderOf(paths));
    await delay(Math.min(50 * (poll + 1), longestPollMs));
  }
  throw inUse(paths);
}

function hold(database: DatabaseSync, processIdFile: string): HomeLock {
  held.add(database);
  // For people and `hearth doctor`; nothing depends on it.
  try {
    const file = openSync(processIdFile, ownFile, 0o600);
    writeSync(file, `${process.pid}\n`);
    closeSync(file);
  } catch {
    // The disk may be full, or something of somebody else's be in its place.
  }
  return {
    release() {
      held.delete(database);
      database.close();
    },
  };
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
    const { errcode = 0, message } = cause as { readonly errcode?: number; readonly message: string };
    if ((errcode & 0xff) === sqlite.busy) return null;
    if ((errcode & 0xff) === sqlite.notADatabase) throw foreignLock(lockFile, 'another program’s file');
    throw new HearthError('HOME_NOT_WRITABLE', `Expected to lock ${home}, got ${message}.`, {
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
