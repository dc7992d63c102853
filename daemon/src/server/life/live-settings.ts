import { type FSWatcher, watch } from 'node:fs';
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
  /** Tries new settings while the old ones still apply; if it throws, they are refused. */
  readonly prepare?: (settings: Settings) => Promise<void>;
  /** Applies changed settings. */
  readonly onChange: (settings: Settings) => Promise<void>;
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
      await prepare?.(next);
      if (JSON.stringify(next) !== JSON.stringify(previous)) {
        settings = next;
        await onChange(next);
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

  const watcher = watchFolder(dirname(file), (name) => {
    if (name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(reloadInTurn, settleMs).unref();
  });

  return {
    current: () => settings,
    warning: () => (refusal === null ? null : `The changed settings are not in use: ${refusal}`),
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

/** Null if the folder cannot be watched; then settings are read only at the start. */
function watchFolder(folder: string, onName: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => onName(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
