import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { secondsPerWindow } from '../segments/window.ts';
import { longestSharedSilenceSeconds, packIntoWindows } from './pack-into-windows.ts';
import { type SpeechRange, speechRanges } from './speech-ranges.ts';
import { speechUntil } from './speech-until.ts';

/** Silences from this length on are pauses between words, not parts of them. */
export const shortestPauseSeconds = 0.1;

export interface SpeechClip extends SpeechRange {
  /** Where a clip is decoded by itself: until when its text has to reach. */
  readonly speechUntilSeconds?: number;
}

export interface SpeechClipsRequest {
  /** Of speech in the recording, one per 32 ms. */
  readonly probabilities: Float32Array;
  readonly durationSeconds: number;
  readonly options: ResolvedOptions;
  /** Cut at pauses into parts of at most a window; otherwise only what is silent for long is left out. */
  readonly cutIntoWindows: boolean;
  /** The parts that the client names; default: what holds speech. */
  readonly named: readonly SpeechRange[] | undefined;
}

export interface HeardSpeech {
  readonly clips: readonly SpeechClip[];
  /** Where somebody speaks, cut at every pause. */
  readonly spoken: readonly SpeechRange[];
}

/**
 * The parts of a recording worth decoding. Whisper writes sentences that nobody said where it hears silence, noise or
 * music; what holds no speech is never shown to it, unless the option `vad` is off. Nothing is cut out, so that times
 * need no mapping.
 */
export function speechClips(request: SpeechClipsRequest): HeardSpeech {
  const { probabilities, durationSeconds, options, named } = request;
  const sound = { probabilities, durationSeconds, threshold: options.vadThreshold };
  const everything = [{ startSeconds: 0, endSeconds: durationSeconds }];
  const ranges = options.vad
    ? speechRanges({
        ...sound,
        minSpeechSeconds: options.vadMinSpeech,
        minSilenceSeconds: options.vadMinSilence,
        padSeconds: options.vadPad,
      })
    : everything;
  const spoken = speechRanges({
    ...sound,
    minSpeechSeconds: 0,
    minSilenceSeconds: shortestPauseSeconds,
    padSeconds: 0,
  });
  if (!request.cutIntoWindows) return { clips: shareWindows(ranges), spoken };
  const pauses = betweenOf(spoken);
  // What lies between two parts that the client names is not to be heard.
  const parts =
    named === undefined ? packIntoWindows(ranges, pauses) : named.flatMap((range) => packIntoWindows([range], pauses));
  const clips = parts.map((part) => ({ ...part, speechUntilSeconds: speechUntil(part, spoken) }));
  return { clips, spoken };
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
