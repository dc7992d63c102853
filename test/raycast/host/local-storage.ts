import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raycast's `LocalStorage`, in a file that lasts from one launch to the next. */
export function createLocalStorage(folder: string) {
  const path = join(folder, 'local-storage.json');
  function read(): Record<string, unknown> {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    } catch {
      return {};
    }
  }
  return {
    getItem: async (key: string) => read()[key],
    setItem: async (key: string, value: unknown) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, JSON.stringify({ ...read(), [key]: value }));
    },
  };
}
