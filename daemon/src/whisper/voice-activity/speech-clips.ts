import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { secondsPerWindow } from '../segments/window.ts';
import { createWindowPacker, longestSharedSilenceSeconds, packIntoWindows } from './pack-into-windows.ts';
import { createSpeechRanges, type GrowingSpeechRanges, type SpeechRange } from './speech-ranges.ts';
import { speechUntil } from './speech-until.ts';

/** Silences from this length on are pauses between words, not parts of them. */
export const shortestPauseSeconds = 0.1;

export interface SpeechClip extends SpeechRange {
  /** Where a clip is decoded by itself: until when its text has to reach. */
  readonly speechUntilSeconds?: number;
}

/** Finds the parts of a recording worth decoding while it is heard. */
export interface SpeechClips {
  /** Where somebody speaks, cut at every pause. It grows, and reaches past the end of every clip that was given. */
  readonly spoken: readonly SpeechRange[];
  /** Takes the next probabilities of speech, one per 32 ms; gives the clips that nothing later changes. */
  add(probabilities: Float32Array): SpeechClip[];
  end(durationSeconds: number): SpeechClip[];
}

export interface SpeechClipsRequest {
  readonly options: ResolvedOptions;
  /** Cut at pauses into parts of at most a window; otherwise only what is silent for long is left out. */
  readonly cutIntoWindows: boolean;
  /** The parts that the client names; default: what holds speech. */
  readonly named: readonly SpeechRange[] | undefined;
}

/**
 * Whisper writes sentences that nobody said where it hears silence, noise or music; what holds no speech is never shown
 * to it, unless the option `vad` is off. Nothing is cut out, so that times need no mapping.
 */
export function createSpeechClips({ options, cutIntoWindows, named }: SpeechClipsRequest): SpeechClips {
  const spoken: SpeechRange[] = [];
  const utterances = createSpeechRanges({
    threshold: options.vadThreshold,
    minSpeechSeconds: 0,
    minSilenceSeconds: shortestPauseSeconds,
    padSeconds: 0,
  });
  const ranges = options.vad
    ? createSpeechRanges({
        threshold: options.vadThreshold,
        minSpeechSeconds: options.vadMinSpeech,
        minSilenceSeconds: options.vadMinSilence,
        padSeconds: options.vadPad,
      })
    : createEverything();
  const pauses = createPauses();
  const packer = createWindowPacker();
  const whole: SpeechRange[] = [];

  const asClip = (part: SpeechRange) => ({ ...part, speechUntilSeconds: speechUntil(part, spoken) });

  return {
    spoken,
    add(probabilities) {
      spoken.push(...utterances.add(probabilities));
      const ended = ranges.add(probabilities);
      if (!cutIntoWindows || named !== undefined) {
        whole.push(...ended);
        return [];
      }
      const found = packer.add({
        ranges: ended,
        open: ranges.open(),
        pauses: pauses(spoken, utterances.open()),
        nextFromSeconds: ranges.nextFrom(),
      });
      return found.map(asClip);
    },
    end(durationSeconds) {
      spoken.push(...utterances.end(durationSeconds));
      const ended = ranges.end(durationSeconds);
      if (!cutIntoWindows) return shareWindows([...whole, ...ended]);
      const silences = pauses(spoken, null);
      // What lies between two parts that the client names is not to be heard.
      if (named !== undefined) return named.flatMap((range) => packIntoWindows([range], silences)).map(asClip);
      const parts = [
        ...packer.add({ ranges: ended, open: null, pauses: silences, nextFromSeconds: 0 }),
        ...packer.end(),
      ];
      return parts.map(asClip);
    },
  };
}

function createEverything(): GrowingSpeechRanges {
  return {
    add: () => [],
    end: (durationSeconds) => [{ startSeconds: 0, endSeconds: durationSeconds }],
    open: () => ({ startSeconds: 0, endSeconds: Number.POSITIVE_INFINITY }),
    nextFrom: () => 0,
  };
}

/** The silences between what is spoken, each once; also the one before speech that goes on. */
function createPauses(): (spoken: readonly SpeechRange[], open: SpeechRange | null) => SpeechRange[] {
  let next = 0;
  return (spoken, open) => {
    const starts = open === null ? spoken : [...spoken, open];
    const pauses: SpeechRange[] = [];
    for (; next + 1 < starts.length; next++) {
      const [before, after] = [starts[next] as SpeechRange, starts[next + 1] as SpeechRange];
      pauses.push({ startSeconds: before.endSeconds, endSeconds: after.startSeconds });
    }
    return pauses;
  };
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
