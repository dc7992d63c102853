import type { Cancellation, NativeAudio, NativeVoiceActivity } from '@hearth/native';
import type { TranscriptionOptions } from '../../options/transcription-options.ts';
import { type SpeechRange, speechRanges } from './speech-ranges.ts';

const windowSeconds = 30;
/** Ranges closer than this share a window where they fit in it: a silence costs less than another encoder pass. */
const longestSharedSilenceSeconds = 4;

export interface SpeechClipsRequest {
  readonly network: NativeVoiceActivity;
  readonly audio: NativeAudio;
  readonly options: TranscriptionOptions;
  readonly cancellation?: Cancellation;
}

/**
 * The parts of a recording worth decoding, as clip timestamps: start, end, start, end, … in seconds. Whisper writes
 * sentences that nobody said where it hears silence, noise or music; what holds no speech is never shown to it. Nothing
 * is cut out, so that times need no mapping.
 */
export async function speechClips({ network, audio, options, cancellation }: SpeechClipsRequest): Promise<number[]> {
  const probabilities = await network.speechProbabilities({ audio, ...(cancellation && { cancellation }) });
  const ranges = speechRanges({
    probabilities,
    durationSeconds: audio.durationSeconds,
    threshold: options.vadThreshold ?? 0.5,
    minSpeechSeconds: options.vadMinSpeech ?? 0.25,
    minSilenceSeconds: options.vadMinSilence ?? 2,
    padSeconds: options.vadPad ?? 0.4,
  });
  return shareWindows(ranges).flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
}

function shareWindows(ranges: readonly SpeechRange[]): SpeechRange[] {
  const clips: SpeechRange[] = [];
  for (const range of ranges) {
    const previous = clips.at(-1);
    const fits =
      previous !== undefined &&
      range.startSeconds - previous.endSeconds <= longestSharedSilenceSeconds &&
      range.endSeconds - previous.startSeconds <= windowSeconds;
    if (fits) clips[clips.length - 1] = { startSeconds: previous.startSeconds, endSeconds: range.endSeconds };
    else clips.push(range);
  }
  return clips;
}
