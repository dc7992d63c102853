import type { Segment, TranscribeEvent, Transcript } from '../whisper/transcript.ts';
import type { TranscriptWarning } from '../whisper/transcript-warning.ts';
import type { Voice } from './audio/recording.ts';

/** A segment, and whose it is where channels or tracks are told apart. */
export type VoicedSegment = Segment & { readonly voice?: Voice };

export interface VoicedTranscript extends Transcript {
  readonly segments: readonly VoicedSegment[];
}

export type HeardEvent =
  | Extract<TranscribeEvent, { type: 'language-detected' }>
  | {
      readonly type: 'segments-decoded';
      readonly segments: readonly VoicedSegment[];
      readonly processedSeconds: number;
    };

/** One of the sounds that are heard side by side. */
export interface HeardSound {
  readonly voice: Voice;
  readonly steps: AsyncGenerator<TranscribeEvent, Transcript>;
}

interface Hearing extends HeardSound {
  /** Decoded, and not told yet: a sound that is behind may have something earlier. */
  waiting: VoicedSegment[];
  language: string | null;
  processedSeconds: number;
  result: Transcript | null;
}

/**
 * The transcripts of several sounds of one recording as one: all that is said, in the order in which it begins, also where
 * they speak at once. The sound that is farthest behind goes on, so the order is the same in every run.
 */
export async function* hearSounds(sounds: readonly HeardSound[]): AsyncGenerator<HeardEvent, VoicedTranscript> {
  const hearings = sounds.map((sound): Hearing => {
    return { ...sound, waiting: [], language: null, processedSeconds: 0, result: null };
  });
  const told: VoicedSegment[] = [];
  let toldSeconds = 0;
  let knowsLanguage = false;
  try {
    for (let next = farthestBehind(hearings); next !== null; next = farthestBehind(hearings)) {
      const { done, value } = await next.steps.next();
      if (done === true) next.result = value;
      else if (value.type === 'language-detected') {
        next.language = value.language;
        if (!knowsLanguage) yield value;
        knowsLanguage = true;
      } else {
        next.processedSeconds = value.processedSeconds;
        next.waiting.push(...value.segments.map((segment) => withVoice(segment, next)));
      }
      const heardSeconds = heardByAll(hearings);
      const segments = takeUntil(heardSeconds, hearings).map((segment, index) => ({
        ...segment,
        id: told.length + index,
      }));
      const processedSeconds = Math.min(heardSeconds, longest(hearings));
      if (segments.length === 0 && processedSeconds <= toldSeconds) continue;
      told.push(...segments);
      toldSeconds = processedSeconds;
      yield { type: 'segments-decoded', segments, processedSeconds };
    }
    return together(hearings, told);
  } finally {
    for (const { steps } of hearings) await steps.return(undefined as never);
  }
}

function farthestBehind(hearings: readonly Hearing[]): Hearing | null {
  const going = hearings.filter(({ result }) => result === null);
  return going.reduce<Hearing | null>((behind, each) => {
    return behind === null || each.processedSeconds < behind.processedSeconds ? each : behind;
  }, null);
}

function heardByAll(hearings: readonly Hearing[]): number {
  return farthestBehind(hearings)?.processedSeconds ?? Number.POSITIVE_INFINITY;
}

/** Each may be in another language. */
function withVoice(segment: Segment, { voice, language }: Hearing): VoicedSegment {
  const own = segment.language ?? language;
  return { ...segment, ...(own !== null && { language: own }), voice };
}

function takeUntil(seconds: number, hearings: readonly Hearing[]): readonly VoicedSegment[] {
  const taken = hearings.flatMap(({ waiting }) => waiting.filter(({ startSeconds }) => startSeconds < seconds));
  for (const hearing of hearings) {
    hearing.waiting = hearing.waiting.filter(({ startSeconds }) => startSeconds >= seconds);
  }
  return taken.toSorted((left, right) => left.startSeconds - right.startSeconds);
}

/** Of those whose end is known; the recording is at least as long. */
function longest(hearings: readonly Hearing[]): number {
  return Math.max(...hearings.map(({ result, processedSeconds }) => result?.durationSeconds ?? processedSeconds));
}

/** The language is that of the sound with the most speech. */
function together(hearings: readonly Hearing[], segments: readonly VoicedSegment[]): VoicedTranscript {
  const ended = hearings.flatMap(({ voice, result }) => (result === null ? [] : [{ voice, result }]));
  const main = ended.reduce((most, each) => (secondsOf(each.result) > secondsOf(most.result) ? each : most)).result;
  return {
    ...main,
    text: segments.map(({ text }) => text).join(''),
    durationSeconds: Math.max(...ended.map(({ result }) => result.durationSeconds)),
    segments,
    warnings: warningsOf(ended),
  };
}

function secondsOf({ segments }: Transcript): number {
  return segments.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
}

/** What is true of all is said once. One who says nothing is no news where another speaks. */
function warningsOf(
  ended: readonly { readonly voice: Voice; readonly result: Transcript }[],
): readonly TranscriptWarning[] {
  const keys = ended.map(({ result }) => new Set(result.warnings.map(keyOf)));
  const isOfAll = (warning: TranscriptWarning) => keys.every((own) => own.has(keyOf(warning)));
  const common = ended[0]?.result.warnings.filter(isOfAll) ?? [];
  const own = ended.flatMap(({ voice, result }) =>
    result.warnings
      .filter((warning) => !isOfAll(warning) && !ofSilence.includes(warning.code))
      .map(({ code, message }) => ({ code, message: `${voice.speaker}: ${message}` })),
  );
  return [...common, ...own];
}

const ofSilence: readonly string[] = ['no-speech', 'quiet-recording'];

function keyOf({ code, message }: TranscriptWarning): string {
  return ofSilence.includes(code) ? code : `${code} ${message}`;
}
