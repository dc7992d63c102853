import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../protocol/wire-error.ts';
import { requireOnlyTrack } from './choose-track.ts';
import { nameVoices } from './name-voices.ts';
import { type OpenChannels, openChannels } from './open-channels.ts';
import { openConverted } from './open-converted.ts';
import { openInput } from './open-input.ts';
import type { OpenRecordingRequest, Recording } from './recording.ts';

/**
 * Opens a recording of any format: what the engine cannot read itself goes through a converter first.
 * @throws `AUDIO_*`, `FILE_*`, `CONVERTER_MISSING`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `OPTION_INVALID`, `CANCELLED`,
 * `ENGINE_NOT_BUILT`
 */
export async function openRecording(request: OpenRecordingRequest): Promise<Recording> {
  const { native, listeners, priority, signal, audioChannels: channels, audioTrack, speakerNames } = request;
  const open = (path: string, descriptor?: number) =>
    openChannels({ native, path, descriptor, channels, listeners, priority, signal });
  const input = await openInput(request);
  try {
    const opened = await open(input.path, input.file.fd);
    refuseOtherTracks(audioTrack, opened);
    return nameVoices([{ ...opened, track: null }], speakerNames);
  } catch (error) {
    const known = asHearthError(error);
    if (known.code !== 'AUDIO_NEEDS_CONVERSION') throw known;
    const { format } = error as { readonly format?: string };
    return await openConverted({
      request,
      input,
      format: format ?? null,
      isKnown: format !== undefined || !/no known/.test(known.message),
      unread: known,
      open,
    });
  } finally {
    await input.file.close();
  }
}

function refuseOtherTracks(wanted: string | undefined, { audios }: OpenChannels): void {
  try {
    requireOnlyTrack(wanted);
  } catch (error) {
    for (const audio of audios) audio.close();
    throw error;
  }
}

function asHearthError(error: unknown): HearthError {
  if (error instanceof HearthError) return error;
  const { code, message, hint } = toWireError(error);
  return new HearthError(code, message, { hint, cause: error });
}
