import { existsSync, type FSWatcher, watch, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { boundFileWork } from '../../settings/file-work.ts';
import { readSettingsFile } from '../../settings/read-settings.ts';
import { isSettingsFileAway } from '../../settings/settings-file-away.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { cautiousLimits, deletesOtherwise, withoutNetwork } from './cautious-limits.ts';

/** Editors write a file in several steps. */
const settleMs = 200;
/** No event tells that a disk is there again. */
const defaultRetryMs = 10_000;
/** The disk of a link's target may never answer. */
const patienceMs = 10_000;
/** A file that is away for less is one that its owner has, as a program leaves it that deletes before it writes. */
const defaultDoubtMs = 30 * 60_000;
/** Editors save while somebody types: 15000 is 1 at first. */
const defaultTypingMs = 10 * 60_000;

/** Settings that follow their file while the daemon runs. */
export interface LiveSettings {
  current(): Settings;
  /**
   * The same, for who deletes by them: without a file, the defaults delete nothing before the daemon has run for a while,
   * and nothing at all where there has been one. Limits that were just written delete nothing, either.
   */
  limits(): Settings;
  /** Why the current file was not applied, or where there has been one and is none; null if all is well. */
  warning(): string | null;
  close(): void;
}

export interface LiveSettingsRequest {
  readonly file: string;
  /** Where it is noted that there has been a file. */
  readonly hadFile?: string;
  /** Tries new settings while the old ones still apply; if it throws, they are refused. What it returns puts them to use. */
  readonly prepare?: (settings: Settings) => Promise<() => void>;
  /** Applies changed settings. If it throws, they are refused, so what can fail comes before `use`. */
  readonly onChange: (settings: Settings, use: () => void) => Promise<void>;
  /** How long settings that were refused wait for the next look, beside events of the file. */
  readonly retryMs?: number;
  /** How long a missing file is doubted. */
  readonly doubtMs?: number;
  /** How long new limits wait before anything is deleted by them. */
  readonly typingMs?: number;
  /** A clock that only goes forward. */
  readonly monotonicNow?: () => number;
}

/** @throws `SETTINGS_INVALID` if the file is wrong at the start; later that is a warning, and the old settings are kept */
export async function openLiveSettings(request: LiveSettingsRequest): Promise<LiveSettings> {
  const { file, prepare, onChange, retryMs = defaultRetryMs, doubtMs = defaultDoubtMs } = request;
  const { typingMs = defaultTypingMs, monotonicNow = () => performance.now() } = request;
  const doubtedUntil = monotonicNow() + doubtMs;
  const files = boundFileWork({ mostAtOnce: 1 });
  let isLost = false;
  let typedUntil = Number.NEGATIVE_INFINITY;
  let { settings, isThere } = await read();
  if (isThere) noteFile(request.hadFile);
  else if (request.hadFile !== undefined && existsSync(request.hadFile)) {
    isLost = true;
    settings = withoutNetwork(settings);
  }
  let refusal: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastReload: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** Nobody else waits for its disk. */
  async function read(): ReturnType<typeof readSettingsFile> {
    try {
      return await files.run('', () => readSettingsFile(file), patienceMs);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw cause;
      throw new HearthError('SETTINGS_INVALID', `${file} cannot be read: ${systemReason(cause)}.`, { cause });
    }
  }

  async function reload(): Promise<void> {
    const previous = settings;
    try {
      const next = await read();
      if (isLost && !next.isThere) return;
      await files.run('', watchTarget, patienceMs);
      if (isThere && !next.isThere) throw fileGone(file);
      const use = (await prepare?.(next.settings)) ?? (() => undefined);
      isThere = next.isThere;
      isLost = false;
      if (isThere) noteFile(request.hadFile);
      if (JSON.stringify(next.settings) === JSON.stringify(previous)) use();
      else {
        settings = next.settings;
        if (deletesOtherwise(previous, next.settings)) typedUntil = monotonicNow() + typingMs;
        await onChange(next.settings, use);
      }
      refusal = null;
    } catch (error) {
      settings = previous;
      refusal = toWireError(error).message;
      if (isSettingsFileAway(error)) reloadAfter(retryMs);
    }
  }

  /** Trying a model takes seconds, and the file may change again meanwhile. */
  function reloadAfter(milliseconds: number): void {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(() => {
      lastReload = lastReload.then(reload);
    }, milliseconds).unref();
  }

  function onFile(): void {
    reloadAfter(settleMs);
  }

  const watcher = watchFile(file, onFile);
  let target: { readonly path: string; readonly watcher: FSWatcher | null } | null = null;
  await files.run('', watchTarget, patienceMs).catch(() => undefined);

  /** Of a link, the file that it leads to changes, and the link does not. It may lead elsewhere by now. */
  async function watchTarget(): Promise<void> {
    const path = await realpath(file).catch(() => null);
    if (path === target?.path || isClosed) return;
    target?.watcher?.close();
    target = path === null || path === file ? null : { path, watcher: watchFile(path, onFile) };
  }

  return {
    current: () => settings,
    limits() {
      const isDoubted = !isThere && (isLost || monotonicNow() < doubtedUntil);
      // To turn the history off is no number that somebody is about to type.
      const isTyped = monotonicNow() < typedUntil && settings.historyEntries !== 0;
      return isDoubted || isTyped ? cautiousLimits(settings) : settings;
    },
    warning() {
      if (refusal !== null) return `The changed settings are not in use: ${refusal}`;
      return isLost ? lostSentence(file) : null;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      watcher?.close();
      target?.watcher?.close();
    },
  };
}

/** Null if its folder cannot be watched; then settings are read only at the start. */
function watchFile(file: string, onFile: () => void): FSWatcher | null {
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, name) => {
      if (name === basename(file)) onFile();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

/** For a start without the file. */
function noteFile(path: string | undefined): void {
  if (path === undefined) return;
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch {
    // It is there, or the home takes nothing, of which others tell.
  }
}

function lostSentence(file: string): string {
  return `There was a ${file}, and it is gone. Until it is there again, the network stays off and nothing is deleted. For the defaults, write {} into it.`;
}

/** It says nothing of what its owner wants: programs delete a file before they write it anew. */
function fileGone(file: string): HearthError {
  return new HearthError(
    'SETTINGS_INVALID',
    `${file} is gone. What it said holds until it is there again, or Hearth starts again.`,
  );
}
