import { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Refuses to list folders as macOS does where a person has not allowed an app into them: with EPERM, root included. */
export function refuseFolders(folders: readonly string[]): void {
  if (folders.length === 0) return;
  const open = promises.opendir;
  promises.opendir = async (path, options) => {
    if (!folders.includes(String(path))) return open(path, options);
    throw Object.assign(new Error(`EPERM: operation not permitted, opendir '${path}'`), { code: 'EPERM' });
  };
  syncBuiltinESMExports();
}
