import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { createLogEraser, type LogEraser } from '../sqlite/log-eraser.ts';
import type { DatabaseFile } from '../sqlite/open-database.ts';
import {
  type OpenedDatabase,
  openOrReplace,
  type Replaced,
  replaceDatabase,
  replacedSentence,
} from '../sqlite/open-or-replace.ts';
import { renumberRows } from '../sqlite/renumber-rows.ts';
import { fileGone, isDamage, storageError } from '../sqlite/sqlite-errors.ts';
import { type DatabasePlace, watchDatabase } from '../sqlite/watch-database.ts';
import type { History, HistoryLimits } from './history.ts';
import { type HistoryStatements, historyStatements, type Times } from './history-database.ts';
import { historyMigrations } from './history-migrations.ts';

const pruneIntervalMs = 3_600_000;
const defaultRetryMs = 5_000;
const name = 'the history';
const words = { name: 'The history', rows: 'transcripts' };
/** Damaged entries that a warning names, however many there are. */
const mostNamed = 5;

export interface HistoryRequest {
  readonly path: string;
  readonly log: Logger;
  /** Read at each use, since they may change. */
  readonly limits: () => HistoryLimits;
  readonly now?: () => number;
  /** A clock that only goes forward, and only while the process runs. */
  readonly monotonicNow?: () => number;
  /** How long what could not be done, also erasing deleted text, waits for the next try. */
  readonly retryMs?: number;
}

interface OpenHistory {
  readonly statements: HistoryStatements;
  readonly eraser: LogEraser;
  readonly place: DatabasePlace;
  readonly close: () => void;
}

const remainsSentence =
  'Deleted transcripts are not erased from the disk yet, since another program reads the history. Hearth erases them as soon as that ends.';

const wrongClockSentence =
  'The age of the history was damaged, and begins anew with that of its newest transcripts: they may stay longer than the setting historyDays says.';

export function historyFile(path: string): DatabaseFile {
  return { path, name, migrations: historyMigrations, recovered: ['transcripts'] };
}

/**
 * Opens the history. A damaged file is moved aside, and what can be read of it goes into a fresh one. One that cannot be
 * opened is tried again at each use. Both are told as warnings, since transcribing goes on.
 * @throws `HOME_TOO_NEW`
 */
export function openHistory(request: HistoryRequest): History {
  const {
    path,
    log,
    limits,
    now = Date.now,
    monotonicNow = () => performance.now(),
    retryMs = defaultRetryMs,
  } = request;
  const file = historyFile(path);
  const replacements: Replaced[] = [];
  const unreadable = new Set<string>();
  let open: OpenHistory | null = null;
  let failure: HearthError | null = null;
  let retryTimer: NodeJS.Timeout | undefined;
  let lookedAtMs = monotonicNow();
  let hadWrongClock = false;
  let isClosed = false;

  function use<Result>(action: (open: OpenHistory) => Result): Result {
    if (isClosed) throw new HearthError('SHUTTING_DOWN', 'The history is closed.');
    try {
      open ??= beginOrReplace();
      open.place.saveDeletedLog();
      const result = tryAgainIfDamaged(action);
      failure = null;
      return result;
    } catch (error) {
      throw tell(error);
    }
  }

  /** A large file is not checked as a whole: its damage may show when something is asked of it for the first time. */
  function beginOrReplace(): OpenHistory {
    const opened = openOrReplace(file);
    try {
      return begin(opened);
    } catch (error) {
      opened.database.close();
      if (!isDamage(error)) throw error;
      log.error({ err: error }, 'history damaged');
      return begin(replaceDatabase(file));
    }
  }

  function tryAgainIfDamaged<Result>(action: (open: OpenHistory) => Result): Result {
    try {
      return action(opened());
    } catch (error) {
      if (!isDamage(error)) throw error;
      log.error({ err: error }, 'history damaged');
      closeQuietly();
      open = begin(replaceDatabase(file));
      return action(opened());
    }
  }

  function opened(): OpenHistory {
    if (open === null) throw new Error('Expected an open history, got none.');
    return open;
  }

  function begin({ database, replaced }: OpenedDatabase): OpenHistory {
    if (replaced !== null) {
      replacements.push(replaced);
      log.error({ aside: replaced.aside, rows: replaced.rows }, 'damaged history replaced');
    }
    // The index of words has them under their old numbers.
    if (renumberRows(database, 'transcripts')) database.exec("INSERT INTO words (words) VALUES ('rebuild')");
    const statements = historyStatements(database, {
      onUnreadable: (id) => unreadable.add(shorten(id)),
      onWrongClock() {
        hadWrongClock = true;
        log.error('the age of the history was wrong');
      },
    });
    const eraser = createLogEraser(database, retryMs);
    return {
      close() {
        eraser.close();
        database.close();
      },
      eraser,
      place: watchDatabase(database, path),
      statements,
    };
  }

  function tell(error: unknown): unknown {
    const told = storageError(error, name);
    const isKnown = told instanceof HearthError && told.code === failure?.code;
    if (!isKnown) log.error({ err: error }, 'history failed');
    if (told instanceof HearthError) {
      failure = told;
      retryLater();
    }
    return told;
  }

  /** Otherwise nobody would notice that it works again before it is used again. */
  function retryLater(): void {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(prune, retryMs).unref();
  }

  function times(): Times {
    const nowMs = monotonicNow();
    const ranMs = Math.max(0, Math.round(nowMs - lookedAtMs));
    lookedAtMs = nowMs;
    return { wallMs: now(), ranMs };
  }

  /** What goes wrong here is told and tried again. */
  function prune(): void {
    if (isClosed) return;
    try {
      pruneSome();
    } catch {
      // A warning tells of it.
    }
  }

  function pruneSome(): void {
    use((history) => {
      if (history.statements.prune(limits(), times())) setImmediate(prune);
      // What made way for newer transcripts since the last time is in it, too.
      else history.eraser.erase();
    });
  }

  function closeQuietly(): void {
    try {
      open?.close();
    } catch {
      // What cannot be closed is moved aside anyway.
    }
    open = null;
  }

  function warnings(): readonly string[] {
    const told = replacements.map((replaced) => replacedSentence(replaced, words));
    if (failure !== null) told.push(`The history cannot be used now. ${failure.message} ${failure.hint}`);
    if (open?.eraser.hasRemains() === true) told.push(remainsSentence);
    if (hadWrongClock) told.push(wrongClockSentence);
    if (unreadable.size > 0) told.push(unreadableSentence([...unreadable]));
    return told;
  }

  try {
    pruneSome();
  } catch (error) {
    if ((error as HearthError).code === 'HOME_TOO_NEW') {
      isClosed = true;
      clearTimeout(retryTimer);
      throw error;
    }
  }
  const timer = setInterval(prune, pruneIntervalMs).unref();

  return {
    add(transcript) {
      if (limits().historyEntries === 0) return 'unwanted';
      use(({ statements }) => statements.add(transcript, limits(), times()));
      return 'kept';
    },
    find: (id) => use(({ statements }) => statements.find(id)),
    has: (id) => use(({ statements }) => statements.has(id)),
    search: (search) => use(({ statements }) => statements.search(search)),
    delete(id) {
      unreadable.delete(id);
      return use((history) => {
        const wasThere = history.statements.delete(id);
        if (wasThere) history.eraser.erase();
        return wasThere;
      });
    },
    async clear() {
      unreadable.clear();
      const newest = use(({ statements }) => statements.newest());
      for (let count = 0; ; await nextTurn()) {
        const deleted = use(({ statements }) => statements.deleteSome(newest));
        count += deleted;
        if (deleted > 0) continue;
        use(({ eraser }) => eraser.erase());
        return count;
      }
    },
    prune,
    warnings,
    problem: () => (open === null || open.place.isInPlace() ? null : toWireError(fileGone(name, 'Transcripts'))),
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      clearTimeout(retryTimer);
      closeQuietly();
    },
  };
}

function unreadableSentence(ids: readonly string[]): string {
  const named = ids.slice(0, mostNamed).join(', ');
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : '';
  return `The history holds damaged transcripts, which lists skip: ${named}${more}. Delete them with \`hearth history delete\`.`;
}
