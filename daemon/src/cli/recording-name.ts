import { basename } from 'node:path';

/** What the daemon's lists and its history call an input; standard input has no name. */
export function recordingName(input: string): string | null {
  return input === '-' ? null : basename(input).slice(0, 255) || null;
}
