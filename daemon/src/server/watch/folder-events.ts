import { type FSWatcher, watch } from 'node:fs';

/** Each takes a handle of the system; what lies deeper is found by the re-scan. */
const mostFolders = 256;

/** Tells that something happened in a folder; what it was, a scan finds out. */
export interface FolderEvents {
  /** The folders that exist now. macOS tells of a whole tree, so there the first one is enough. */
  use(folders: readonly string[]): void;
  close(): void;
}

export function createFolderEvents(onEvent: () => void): FolderEvents {
  const watchers = new Map<string, FSWatcher>();
  const isTree = process.platform === 'darwin' || process.platform === 'win32';

  function open(folder: string): void {
    try {
      const watcher = watch(folder, { recursive: isTree, persistent: false }, onEvent);
      // The folder is gone, or the system has no handles left: the re-scan goes on.
      watcher.on('error', () => close(folder));
      watchers.set(folder, watcher);
    } catch {
      // The same.
    }
  }

  function close(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    use(folders) {
      const wanted = new Set(folders.slice(0, isTree ? 1 : mostFolders));
      for (const folder of watchers.keys()) if (!wanted.has(folder)) close(folder);
      for (const folder of wanted) if (!watchers.has(folder)) open(folder);
    },
    close() {
      for (const folder of [...watchers.keys()]) close(folder);
    },
  };
}
