import { type FSWatcher, realpathSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { toWireError } from '../../protocol/wire-error.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** Editors write a file in several steps. */
const settleMs = 200;

/** Settings that follow their file while the daemon runs. */
export interface LiveSettings {
  current(): Settings;
  /** Why the current file was not applied; null if it was. */
  warning(): string | null;
  close(): void;
}

export interface LiveSettingsRequest {
  readonly file: string;
  /** Tries new settings while the old ones still apply; if it throws, they are refused. What it returns puts them to use. */
  readonly prepare?: (settings: Settings) => Promise<() => void>;
  /** Applies changed settings. If it throws, they are refused, so what can fail comes before `use`. */
  readonly onChange: (settings: Settings, use: () => void) => Promise<void>;
}

/** @throws `SETTINGS_INVALID` if the file is wrong at the start; later that is a warning, and the old settings are kept */
export function openLiveSettings({ file, prepare, onChange }: LiveSettingsRequest): LiveSettings {
  let settings = readSettings(file);
  let refusal: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let lastReload: Promise<void> = Promise.resolve();

  async function reload(): Promise<void> {
    const previous = settings;
    try {
      const next = readSettings(file);
      const use = (await prepare?.(next)) ?? (() => undefined);
      if (JSON.stringify(next) === JSON.stringify(previous)) use();
      else {
        settings = next;
        await onChange(next, use);
      }
      refusal = null;
    } catch (error) {
      settings = previous;
      refusal = toWireError(error).message;
    }
  }

  /** Trying a model takes seconds, and the file may change again meanwhile. */
  function reloadInTurn(): void {
    lastReload = lastReload.then(reload);
  }

  function onFile(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // A link may lead elsewhere now.
      watchTarget();
      reloadInTurn();
    }, settleMs).unref();
  }

  const watcher = watchFile(file, onFile);
  let target: { readonly path: string; readonly watcher: FSWatcher | null } | null = null;
  watchTarget();

  /** Of a link, the file that it leads to changes, and the link does not. */
  function watchTarget(): void {
    const path = realPathOf(file);
    if (path === target?.path) return;
    target?.watcher?.close();
    target = path === null || path === file ? null : { path, watcher: watchFile(path, onFile) };
  }

  return {
    current: () => settings,
    warning: () => (refusal === null ? null : `The changed settings are not in use: ${refusal}`),
    close() {
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

function realPathOf(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}
