import type { Cancellation, NativeAudio, NativeVoiceActivity } from '@hearth/native';
import type { TranscriptionOptions } from '../../options/transcription-options.ts';
import { secondsPerWindow } from '../segments/window.ts';
import { longestSharedSilenceSeconds, packIntoWindows } from './pack-into-windows.ts';
import { type SpeechRange, speechRanges } from './speech-ranges.ts';
import { speechUntil } from './speech-until.ts';

/** Silences from this length on are pauses between words, not parts of them. */
const shortestPauseSeconds = 0.1;

export interface SpeechClip extends SpeechRange {
  /** Where a clip is decoded by itself: until when its text has to reach. */
  readonly speechUntilSeconds?: number;
}

export interface SpeechClipsRequest {
  readonly network: NativeVoiceActivity;
  readonly audio: NativeAudio;
  readonly options: TranscriptionOptions;
  /** Pack what is said into parts of at most a window, so that they can be decoded together. */
  readonly cutIntoWindows: boolean;
  readonly cancellation?: Cancellation;
}

/**
 * The parts of a recording worth decoding. Whisper writes sentences that nobody said where it hears silence, noise or
 * music; what holds no speech is never shown to it, unless the option `vad` is off. Nothing is cut out, so that times
 * need no mapping.
 */
export async function speechClips(request: SpeechClipsRequest): Promise<SpeechClip[]> {
  const { network, audio, options, cancellation } = request;
  const probabilities = await network.speechProbabilities({ audio, ...(cancellation && { cancellation }) });
  const sound = {
    probabilities,
    durationSeconds: audio.durationSeconds,
    threshold: options.vadThreshold ?? 0.5,
  };
  const everything = [{ startSeconds: 0, endSeconds: audio.durationSeconds }];
  const ranges =
    options.vad === false
      ? everything
      : speechRanges({
          ...sound,
          minSpeechSeconds: options.vadMinSpeech ?? 0.25,
          minSilenceSeconds: options.vadMinSilence ?? 2,
          padSeconds: options.vadPad ?? 0.4,
        });
  if (!request.cutIntoWindows) return shareWindows(ranges);
  const spoken = speechRanges({
    ...sound,
    minSpeechSeconds: 0,
    minSilenceSeconds: shortestPauseSeconds,
    padSeconds: 0,
  });
  return packIntoWindows(ranges, betweenOf(spoken)).map((part) => ({
    ...part,
    speechUntilSeconds: speechUntil(part, spoken),
  }));
}

function shareWindows(ranges: readonly SpeechRange[]): SpeechRange[] {
  const clips: SpeechRange[] = [];
  for (const range of ranges) {
    const previous = clips.at(-1);
    const fits =
      previous !== undefined &&
      range.startSeconds - previous.endSeconds <= longestSharedSilenceSeconds &&
      range.endSeconds - previous.startSeconds <= secondsPerWindow;
    if (fits) clips[clips.length - 1] = { startSeconds: previous.startSeconds, endSeconds: range.endSeconds };
    else clips.push(range);
  }
  return clips;
}

function betweenOf(ranges: readonly SpeechRange[]): SpeechRange[] {
  return ranges.slice(1).map((range, i) => ({
    startSeconds: (ranges[i] as SpeechRange).endSeconds,
    endSeconds: range.startSeconds,
  }));
}
