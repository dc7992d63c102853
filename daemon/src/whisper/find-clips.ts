import type { AudioFacts } from '@hearth/native';
import { type Clip, clipRanges, framesPerSecond, framesPerWindow, samplesPerFrame } from './segments/window.ts';
import type { Transcription } from './transcription.ts';
import { listensForSpeech } from './voice-activity/listens-for-speech.ts';
import { createSpeechClips, type SpeechClip } from './voice-activity/speech-clips.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

export interface FoundClips {
  /** As they become certain. */
  readonly clips: AsyncGenerator<Clip, void>;
  /** What voice activity heard so far; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
}

/** The parts that the client names, else those that hold speech, else everything; cut at pauses unless `sequential`. */
export async function findClips({
  model,
  audio,
  options,
}: Pick<Transcription, 'model' | 'audio' | 'options'>): Promise<FoundClips> {
  const named = options.clipTimestamps.length > 0;
  const namedClips = async () => clipRanges(options.clipTimestamps, framesOf(await audio.whole()));
  const firstHeard = listensForSpeech(options) ? await model.speechFrom(audio, 0) : null;
  if (firstHeard === null) return { clips: asTheyCome(await namedClips()), spoken: null };
  const speech = createSpeechClips({
    options,
    cutIntoWindows: !options.sequential,
    named: named ? (await namedClips()).filter(isNotEmpty).map(inSeconds) : undefined,
  });

  async function* follow(): AsyncGenerator<Clip, void> {
    let heard = 0;
    let more = firstHeard;
    while (more !== null && more.length > 0) {
      heard += more.length;
      yield* inFrames(speech.add(more), Number.POSITIVE_INFINITY);
      more = await model.speechFrom(audio, heard);
    }
    const whole = await audio.whole();
    yield* inFrames(speech.end(whole.durationSeconds), framesOf(whole));
  }

  return { clips: follow(), spoken: speech.spoken };
}

async function* asTheyCome(clips: readonly Clip[]): AsyncGenerator<Clip, void> {
  yield* clips;
}

/** Whether there is one clip that fits in a window, and again all of them. */
export async function isOnlyOne(
  clips: FoundClips['clips'],
): Promise<{ readonly isOnly: boolean; readonly clips: FoundClips['clips'] }> {
  const first = await clips.next();
  if (first.done === true) return { isOnly: false, clips };
  const second = await clips.next();
  async function* all(): AsyncGenerator<Clip, void> {
    yield first.value as Clip;
    if (second.done === true) return;
    yield second.value;
    yield* clips;
  }
  const { startFrames, endFrames } = first.value;
  return { isOnly: second.done === true && endFrames - startFrames <= framesPerWindow, clips: all() };
}

function framesOf({ sampleCount }: AudioFacts): number {
  return Math.floor(sampleCount / samplesPerFrame);
}

function isNotEmpty({ startFrames, endFrames }: Clip): boolean {
  return startFrames < endFrames;
}

function inSeconds({ startFrames, endFrames }: Clip): SpeechRange {
  return { startSeconds: startFrames / framesPerSecond, endSeconds: endFrames / framesPerSecond };
}

function inFrames(clips: readonly SpeechClip[], totalFrames: number): readonly Clip[] {
  return clips
    .map(({ startSeconds, endSeconds, speechUntilSeconds }) => ({
      startFrames: Math.round(startSeconds * framesPerSecond),
      endFrames: Math.min(Math.round(endSeconds * framesPerSecond), totalFrames),
      endsInPause: true,
      ...(speechUntilSeconds !== undefined && {
        speechUntilFrames: Math.round(speechUntilSeconds * framesPerSecond),
      }),
    }))
    .filter(isNotEmpty);
}
