import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { languages } from '../../languages/languages.ts';
import type { OutputPlan } from './plan-output.ts';

/** As long as a day, so that a name is shortened as it would be with one. */
const anyDay = '0000-00-00';
const day = '\\d{4}-\\d{2}-\\d{2}';

/**
 * Whether a transcript of the recording is where the plan puts it, whatever language and day its name has: the one is not
 * known yet, and the other was that of an earlier call. Null for standard output.
 */
export function isWritten(input: string, { pathFor }: OutputPlan): boolean | null {
  const path = pathFor(input, undefined, anyDay);
  if (path === null) return null;
  const others = languages.map(([code]) => pathFor(input, code, anyDay) ?? path);
  return [...new Set([path, ...others])].some((each) => isThere(each));
}

function isThere(path: string): boolean {
  return path.includes(anyDay) ? placesOf(path).some((each) => existsSync(each)) : existsSync(path);
}

/** Where a path with any day in it leads. */
function placesOf(path: string): readonly string[] {
  if (!path.includes(anyDay)) return [path];
  const name = basename(path);
  const folders = placesOf(dirname(path));
  if (!name.includes(anyDay)) return folders.map((folder) => join(folder, name));
  const pattern = new RegExp(`^${name.split(anyDay).map(literally).join(day)}$`);
  return folders.flatMap((folder) => namesIn(folder).flatMap((each) => (pattern.test(each) ? join(folder, each) : [])));
}

function literally(text: string): string {
  return text.replace(/[^\w ]/g, '\\$&');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
