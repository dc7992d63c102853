import type { NativeAudio } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { requireOnlyTrack } from './choose-track.ts';
import { openConverted } from './open-converted.ts';
import type { OpenRecordingRequest, Recording } from './recording.ts';

/**
 * Opens a recording of any format: what the engine cannot read itself goes through a converter first.
 * @throws `AUDIO_*`, `FILE_*`, `CONVERTER_MISSING`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `OPTION_INVALID`, `CANCELLED`,
 * `ENGINE_NOT_BUILT`
 */
export async function openRecording(request: OpenRecordingRequest): Promise<Recording> {
  const { native, signal } = request;
  const open = (path: string) => native.openAudio({ path, signal });
  try {
    const audio = await open(request.path);
    requireOnlyTrack(request.audioTrack, audio);
    return { audio, warnings: sentencesOf(audio) };
  } catch (error) {
    const known = asHearthError(error);
    if (known.code !== 'AUDIO_NEEDS_CONVERSION') throw known;
    const { format } = error as { readonly format?: string };
    const { audio, warnings } = await openConverted({
      request,
      format: format ?? null,
      isKnown: format !== undefined || !/no known/.test(known.message),
      unread: known,
      open,
    });
    return { audio, warnings: [...warnings, ...sentencesOf(audio)] };
  }
}

function sentencesOf({ warnings }: NativeAudio): string[] {
  return warnings.map(({ message }) => message);
}

function asHearthError(error: unknown): HearthError {
  if (error instanceof HearthError) return error;
  const { code, message, hint } = toWireError(error);
  return new HearthError(code, message, { hint, cause: error });
}
