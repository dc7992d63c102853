import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings-schema.ts';

/** Editors write a file in several steps. */
const settleMs = 200;

/** Settings that follow their file while the daemon runs. */
export interface LiveSettings {
  current(): Settings;
  /** Why the file as it is now was not taken over; null when it was. */
  warning(): string | null;
  close(): void;
}

export interface LiveSettingsRequest {
  readonly file: string;
  /** Takes over what has changed; what it throws becomes the warning. */
  readonly onChange: (settings: Settings) => Promise<void>;
}

/** @throws `SETTINGS_INVALID` for what the file holds at first; later on that is a warning, and the old ones hold */
export function openLiveSettings({ file, onChange }: LiveSettingsRequest): LiveSettings {
  let settings = readSettings(file);
  let warning: string | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function reload(): Promise<void> {
    const previous = settings;
    try {
      const next = readSettings(file);
      if (JSON.stringify(next) !== JSON.stringify(previous)) {
        settings = next;
        await onChange(next);
      }
      warning = null;
    } catch (error) {
      settings = previous;
      warning = `The settings were changed but not taken over: ${(error as Error).message}`;
    }
  }

  const watcher = watchFolder(dirname(file), (name) => {
    if (name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), settleMs).unref();
  });

  return {
    current: () => settings,
    warning: () => warning,
    close() {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}

/** Where nothing can be watched, settings are read at the start only. */
function watchFolder(folder: string, onName: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, (_, name) => onName(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
