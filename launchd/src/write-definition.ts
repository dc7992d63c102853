import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { serviceError } from './service-error.ts';

/** Writes the definition of a service; true if an older one was different or missing. */
export function writeDefinition(path: string, content: string): boolean {
  if (readDefinition(path) === content) return false;
  const temporaryPath = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // launchd refuses a file that others can write.
    writeFileSync(temporaryPath, content, { mode: 0o644 });
    renameSync(temporaryPath, path);
  } catch (error) {
    throw serviceError(
      'SERVICE_FAILED',
      `Cannot write ${path} (${(error as NodeJS.ErrnoException).code}).`,
      `Make ${dirname(path)} writable for yourself.`,
    );
  }
  return true;
}

/** The existing definition, or null. */
export function readDefinition(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
