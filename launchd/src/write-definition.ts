import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { serviceError } from './service-error.ts';

/** Writes a service's definition in the place of an older one; true when the older one was different or not there. */
export function writeDefinition(path: string, content: string): boolean {
  if (readDefinition(path) === content) return false;
  const temporaryPath = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // launchd refuses one that others may write.
    writeFileSync(temporaryPath, content, { mode: 0o644 });
    renameSync(temporaryPath, path);
  } catch (error) {
    throw serviceError(
      'SERVICE_FAILED',
      `${path} could not be written: ${(error as Error).message}.`,
      `Make ${dirname(path)} writable for yourself.`,
    );
  }
  return true;
}

/** The definition that is there, or null. */
export function readDefinition(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
