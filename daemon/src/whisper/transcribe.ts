import type { Cancellation, NativeAudio, NativeVoiceActivity } from '@hearth/native';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import type { ModelBatch, Priority } from './batch/model-batch.ts';
import type { LanguageProbabilities } from './detect-language.ts';
import { inOrder } from './in-order.ts';
import { type Clip, clipRanges, framesPerSecond } from './segments/window.ts';
import { createSpokenLanguage, type SpokenLanguage } from './spoken-language.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type ClipEvent, transcribeClips } from './transcribe-clips.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { speechClips } from './voice-activity/speech-clips.ts';

const samplesPerFrame = 160;

export interface TranscribeRequest {
  /** The model, shared with whatever else is transcribed. */
  readonly batch: ModelBatch;
  readonly priority?: Priority;
  readonly vocabulary: Vocabulary;
  readonly audio: NativeAudio;
  readonly options: TranscriptionOptions;
  /** Windows that are decoded together; from 2 on the recording is cut at pauses. */
  readonly batchSize?: number;
  /** Length of what Python's zlib makes of the bytes. */
  readonly compressedLength: (bytes: Uint8Array) => number;
  readonly stopwatch: Stopwatch;
  /** Finds what holds speech; without it, or with the option `vad` off, everything is decoded, as by the reference. */
  readonly voiceActivity?: NativeVoiceActivity;
  readonly cancellation?: Cancellation;
  /** Aborted with the cancellation, for what waits for its turn. */
  readonly signal?: AbortSignal;
  /** Text of a window while it is being decoded: all of it so far. */
  readonly onPartial?: (partial: { readonly text: string; readonly startSeconds: number }) => void;
  /** In place of the model's own alignment heads. */
  readonly alignmentHeads?: readonly (readonly [number, number])[];
}

/**
 * A recording to its transcript: window after window, each led by the text before it, as openai/whisper transcribe.py
 * `transcribe` does; or cut at pauses into clips of which several are decoded together. Segments come in their order.
 * @throws `OPTION_INVALID`, `CANCELLED`
 */
export async function* transcribe(request: TranscribeRequest): AsyncGenerator<TranscribeEvent, Transcript> {
  const { audio, options, vocabulary } = request;
  const segments: Segment[] = [];
  const language = createSpokenLanguage(options, vocabulary);
  let languages: LanguageProbabilities | undefined;

  for await (const event of windowsOf(request, language)) {
    if (event.type === 'language-detected') {
      if (languages !== undefined) continue;
      languages = event.probabilities;
      yield { type: 'language-detected', ...languages[0] };
      continue;
    }
    const numbered = event.segments.map((segment, i) => ({
      id: segments.length + i,
      ...segment,
      ...(options.languagePerWindow && { language: event.language }),
    }));
    segments.push(...numbered);
    yield { type: 'segments-decoded', segments: numbered, processedSeconds: event.processedSeconds };
  }

  return {
    text: vocabulary.decode(segments.flatMap((segment) => segment.tokens)),
    language: languages?.[0].language ?? language.given ?? 'en',
    languageProbabilities: languages ?? null,
    durationSeconds: audio.durationSeconds,
    segments,
  };
}

async function* windowsOf(request: TranscribeRequest, language: SpokenLanguage): AsyncGenerator<ClipEvent, void> {
  const { audio, batch, batchSize = 1 } = request;
  const totalFrames = Math.floor(audio.sampleCount / samplesPerFrame);
  const clips = await clipsOf(request, totalFrames);
  const runs = batchSize === 1 ? [clips] : clips.map((clip) => [clip]);

  async function* run(index: number): AsyncGenerator<ClipEvent, void> {
    if (index > 0) await language.known;
    const { priority = 'interactive', stopwatch, signal } = request;
    const { model, leave } = batch.join({ priority, stopwatch, ...(signal && { signal }) });
    const before = runs[index - 1]?.at(-1)?.endFrames ?? 0;
    try {
      yield* transcribeClips({
        ...request,
        model,
        clips: runs[index] as Clip[],
        language,
        totalFrames,
        lastSpeechSeconds: before / framesPerSecond,
      });
      language.stopWaiting();
    } catch (error) {
      language.stopWaiting(error);
      throw error;
    } finally {
      leave();
    }
  }

  if (runs.length === 1) yield* run(0);
  else {
    yield* inOrder(
      runs.map((_, index) => () => run(index)),
      batchSize,
    );
  }
}

/** The parts that the client names, else those that hold speech, else everything. */
async function clipsOf(request: TranscribeRequest, totalFrames: number): Promise<Clip[]> {
  const { voiceActivity: network, options, batchSize = 1, stopwatch } = request;
  const cutIntoWindows = batchSize > 1;
  const isPlain = options.vad === false && !cutIntoWindows;
  if (network === undefined || isPlain || options.clipTimestamps !== undefined) {
    return clipRanges(options.clipTimestamps ?? [], totalFrames);
  }
  const clips = await stopwatch.measure('voiceActivity', () => speechClips({ ...request, network, cutIntoWindows }));
  if (clips.length === 0) return [];
  const times = clips.flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds]);
  return clipRanges(times, totalFrames).map((clip, index) => {
    const speechUntilSeconds = clips[index]?.speechUntilSeconds;
    if (speechUntilSeconds === undefined) return { ...clip, endsInPause: true };
    return { ...clip, endsInPause: true, speechUntilFrames: Math.round(speechUntilSeconds * framesPerSecond) };
  });
}
