import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';

/** The error for a converted recording that could not be written. */
export function writingError(error: unknown): HearthError {
  if (error instanceof HearthError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(error);
  const message = `Hearth cannot write to its folder for temporary files: ${systemReason(error)}.`;
  return new HearthError('HOME_NOT_WRITABLE', message, { cause: error });
}

export function diskFull(cause?: unknown): HearthError {
  return new HearthError('DISK_FULL', 'There is not enough free disk space to convert the recording.', {
    hint: 'Free some disk space, or lower `minFreeDiskBytes` in the settings, and send the recording again.',
    cause,
  });
}

/**
 * The code of a failed conversion, from the converter's output. The output is only the cause: it comes from another
 * program and contains paths and addresses.
 */
export function conversionError(complaints: readonly string[]): HearthError {
  const said = complaints.join('; ');
  const cause = said === '' ? undefined : new Error(said);
  if (/no space left/i.test(said)) return diskFull(cause);
  if (/does not contain any stream|matches no streams/i.test(said)) {
    return new HearthError('AUDIO_EMPTY', 'The recording has no audio track.', { cause });
  }
  return new HearthError('AUDIO_CORRUPT', 'The recording is damaged or not whole: no sound in it can be read.', {
    cause,
  });
}
