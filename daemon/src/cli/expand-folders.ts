import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { visibleName } from '../errors/visible-name.ts';
import { visibleText } from '../errors/visible-text.ts';
import { isRecording } from '../protocol/is-recording.ts';

/** Hears of each entry that has the name of a recording and is none. */
type OnSkip = (path: string, reason: string) => void;

/**
 * The recordings in folders and in those below them in place of each folder, in the order of their names; files as they are.
 * Nobody meant what lies in a folder by name, so a pipe or a device there is not read: it might have no end.
 * @throws `OPTION_INVALID` for a folder without recordings, `FILE_NOT_PERMITTED`
 */
export function expandFolders(inputs: readonly string[], onSkip: OnSkip): readonly string[] {
  return inputs.flatMap((input) => {
    if (input === '-' || statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true) return [input];
    const found = recordingsIn(input, onSkip);
    if (found.length > 0) return found;
    throw new HearthError('OPTION_INVALID', `Expected recordings in the folder ${visibleText(input)}, got none.`, {
      hint: 'Files are recognised by their endings; name others one by one.',
    });
  });
}

function recordingsIn(folder: string, onSkip: OnSkip): readonly string[] {
  const entries = readEntries(folder, onSkip).toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap(({ name, entry }) => {
    const path = join(folder, name);
    if (entry.isDirectory()) return name.startsWith('.') ? [] : recordingsIn(path, onSkip);
    if (!isRecording(name, null)) return [];
    const reason = whyNoFile(entry, path);
    if (reason !== null) onSkip(path, reason);
    return reason === null ? [path] : [];
  });
}

interface Entry {
  readonly name: string;
  readonly entry: Dirent<Buffer>;
}

function readEntries(folder: string, onSkip: OnSkip): readonly Entry[] {
  return entriesOf(folder).flatMap((entry) => {
    const name = entry.name.toString();
    // By such a name nothing is found, or another file.
    const isReadable = isUtf8(entry.name);
    if (!isReadable && !name.startsWith('.') && (entry.isDirectory() || isRecording(name, null))) {
      onSkip(join(folder, visibleName(entry.name)), 'its name is not UTF-8');
    }
    return isReadable ? [{ name, entry }] : [];
  });
}

function entriesOf(folder: string): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (cause) {
    throw new HearthError('FILE_NOT_PERMITTED', `You may not read the folder ${visibleText(folder)}.`, { cause });
  }
}

/** Why an entry leads to no file; null for a file, and for a link to one. */
function whyNoFile(entry: Dirent<Buffer>, path: string): string | null {
  if (!entry.isSymbolicLink()) return entry.isFile() ? null : `it is ${kindOf(entry)}`;
  try {
    const found = statSync(path);
    return found.isFile() ? null : `it is a link to ${kindOf(found)}`;
  } catch (error) {
    return `its link cannot be followed: ${systemReason(error)}`;
  }
}

function kindOf(entry: Dirent<Buffer> | Stats): string {
  if (entry.isFIFO()) return 'a pipe';
  if (entry.isSocket()) return 'a socket';
  return entry.isDirectory() ? 'a folder' : 'a device';
}
