import type { NativeAudio } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../errors/wire-error.ts';
import { requireOnlyTrack } from './choose-track.ts';
import { openConverted } from './open-converted.ts';
import type { OpenRecordingRequest, Recording } from './recording.ts';

/**
 * Opens a recording of any format: what the engine cannot read itself goes through a converter first.
 * @throws `AUDIO_*`, `FILE_*`, `CONVERTER_MISSING`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `OPTION_INVALID`, `CANCELLED`,
 * `ENGINE_NOT_BUILT`
 */
export async function openRecording(request: OpenRecordingRequest): Promise<Recording> {
  try {
    const audio = await openNatively(request, request.path);
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
      open: (path) => openNatively(request, path),
    });
    return { audio, warnings: [...warnings, ...sentencesOf(audio)] };
  }
}

async function openNatively({ native, signal, onProgress }: OpenRecordingRequest, path: string): Promise<NativeAudio> {
  const cancellation = native.createCancellation();
  const cancel = () => cancellation.cancel();
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    return await native.openAudio({ path, cancellation, ...(onProgress === undefined ? {} : { onProgress }) });
  } finally {
    signal?.removeEventListener('abort', cancel);
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
