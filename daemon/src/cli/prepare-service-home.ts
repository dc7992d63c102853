import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { homePaths } from '../settings/home-paths.ts';

/** Makes what a service manager needs before the daemon's first statement, and empties what it wrote before. @throws `HOME_NOT_WRITABLE` */
export function prepareServiceHome(): void {
  const { home, outputFile } = homePaths();
  try {
    const created = mkdirSync(home, { recursive: true, mode: 0o700 });
    if (created !== undefined) chmodSync(home, 0o700);
    mkdirSync(dirname(outputFile), { recursive: true, mode: 0o700 });
    writeFileSync(outputFile, '', { mode: 0o600 });
  } catch (cause) {
    throw new HearthError('HOME_NOT_WRITABLE', `Expected to write ${outputFile}, got ${(cause as Error).message}.`, {
      cause,
    });
  }
}
