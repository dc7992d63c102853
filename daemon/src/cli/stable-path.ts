import { existsSync } from 'node:fs';

/**
 * The same file under a path that outlives an upgrade: Homebrew removes `Cellar/hearth/0.1.0` when it installs the next
 * version, and keeps `opt/hearth` pointing at whichever is there.
 */
export function stablePath(path: string, exists: (path: string) => boolean = existsSync): string {
  const [, prefix, formula, rest] = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.*)$/.exec(path) ?? [];
  if (prefix === undefined) return path;
  const linked = `${prefix}/opt/${formula}/${rest}`;
  return exists(linked) ? linked : path;
}
