import { HearthError } from '../../errors/hearth-error.ts';

/** https://www.sqlite.org/rescode.html: primary result codes, the low byte of every extended one. */
const codes = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notDatabase: 26 };
/** SQLITE_IOERR_SHMSIZE: the shared memory beside a database could not grow, for want of room. */
const sharedMemorySizeCode = 4874;

/** Whether an error says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === codes.corrupt || code === codes.notDatabase;
}

/** SQLite's error for a damaged file, for damage that only we can see. */
export function damage(what: string): Error {
  return Object.assign(new Error(what), { errcode: codes.corrupt });
}

/** For a file that was deleted or replaced while it was open: SQLite keeps writing to a file that nobody can find. */
export function fileGone(file: string, lost: string): HearthError {
  return new HearthError('HOME_DAMAGED', `The file of ${file} was deleted or replaced while Hearth was running.`, {
    hint: `Run \`hearth restart\`. ${lost} that only the deleted file holds are lost then.`,
  });
}

/** An error of SQLite in Hearth's words; any other error unchanged. `file` is the file it is about. */
export function storageError(error: unknown, file: string): unknown {
  const message = messageOf(error, file);
  if (message === null) return error;
  return new HearthError(message.code, message.text, { cause: error });
}

function messageOf(error: unknown, file: string) {
  if (extendedCode(error) === sharedMemorySizeCode) return full(file);
  switch (primaryCode(error)) {
    case codes.busy:
    case codes.locked:
      return { code: 'HOME_BUSY', text: `Another program holds ${file}.` } as const;
    case codes.full:
      return full(file);
    case codes.readOnly:
    case codes.cannotOpen:
    case codes.ioError:
      return { code: 'HOME_NOT_WRITABLE', text: `The disk takes no writes to ${file}.` } as const;
    case codes.corrupt:
    case codes.notDatabase:
      return { code: 'HOME_DAMAGED', text: `The file of ${file} is damaged.` } as const;
    default:
      return null;
  }
}

function full(file: string) {
  return { code: 'DISK_FULL', text: `The disk has no room for ${file}.` } as const;
}

function primaryCode(error: unknown): number {
  return extendedCode(error) & 0xff;
}

function extendedCode(error: unknown): number {
  return Number((error as { errcode?: number } | null)?.errcode ?? 0);
}
