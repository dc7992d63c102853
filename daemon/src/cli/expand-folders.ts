import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { visibleText } from '../errors/visible-text.ts';
import { isRecording } from '../protocol/is-recording.ts';

/**
 * The recordings in folders and in those below them in place of each folder, in the order of their names; files as they are.
 * @throws `OPTION_INVALID` for a folder without recordings, `FILE_NOT_PERMITTED`
 */
export function expandFolders(inputs: readonly string[]): readonly string[] {
  return inputs.flatMap((input) => {
    if (input === '-' || statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true) return [input];
    const found = recordingsIn(input);
    if (found.length > 0) return found;
    throw new HearthError('OPTION_INVALID', `Expected recordings in the folder ${visibleText(input)}, got none.`, {
      hint: 'Files are recognised by their endings; name others one by one.',
    });
  });
}

function recordingsIn(folder: string): readonly string[] {
  const entries = readEntries(folder).toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : recordingsIn(path);
    return isRecording(entry.name, null) ? [path] : [];
  });
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new HearthError('FILE_NOT_PERMITTED', `You may not read the folder ${visibleText(folder)}.`, { cause });
  }
}
