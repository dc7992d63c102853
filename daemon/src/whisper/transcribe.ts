import type { Cancellation, NativeAudio, NativeVoiceActivity } from '@hearth/native';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import type { ModelBatch, Priority } from './batch/model-batch.ts';
import { checkOptions } from './check-options.ts';
import type { LanguageProbabilities } from './detect-language.ts';
import { inOrder } from './in-order.ts';
import { isReferenceRun } from './is-reference-run.ts';
import { fitLeadingText, type LeadingText } from './leading-text.ts';
import { missedSpeechWarnings } from './missed-speech-warning.ts';
import { noSpeechWarnings } from './no-speech-warnings.ts';
import { type Clip, clipRanges, framesPerSecond } from './segments/window.ts';
import { createSpokenLanguage, type SpokenLanguage } from './spoken-language.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type ClipEvent, transcribeClips } from './transcribe-clips.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { translationWarnings } from './translation-warnings.ts';
import { type SpeechClip, speechClips } from './voice-activity/speech-clips.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

const samplesPerFrame = 160;

export interface TranscribeRequest {
  /** The model, shared with whatever else is transcribed. */
  readonly batch: ModelBatch;
  readonly priority?: Priority;
  readonly vocabulary: Vocabulary;
  readonly audio: NativeAudio;
  readonly options: ResolvedOptions;
  /** Windows of a recording cut at pauses that are decoded together; default: one. */
  readonly batchSize?: number;
  /** Length of what Python's zlib makes of the bytes. */
  readonly compressedLength: (bytes: Uint8Array) => number;
  readonly stopwatch: Stopwatch;
  /** Finds what holds speech, and pauses; without it everything is decoded. */
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
 * A recording to its transcript. It is cut at pauses into windows that lead no other, several of which are decoded at a
 * time; or with the option `sequential` decoded window after window, each led by the text before it, as openai/whisper
 * transcribe.py `transcribe` does. Segments come in their order.
 * @throws `OPTION_INVALID`, `MODEL_INVALID`, `CANCELLED`
 */
export async function* transcribe(request: TranscribeRequest): AsyncGenerator<TranscribeEvent, Transcript> {
  const { audio, batch, options, vocabulary } = request;
  const segments: Segment[] = [];
  const missed: SpeechRange[] = [];
  const optionWarnings = checkOptions(options, batch.dimensions);
  const language = createSpokenLanguage(options, vocabulary);
  const leadingText = fitLeadingText(vocabulary.encode, batch.dimensions.textContext, options);
  let languages: LanguageProbabilities | undefined;

  for await (const event of windowsOf(request, language, leadingText)) {
    if (event.type === 'language-detected') {
      if (languages !== undefined) continue;
      languages = event.probabilities;
      yield { type: 'language-detected', ...languages[0] };
      continue;
    }
    const numbered = event.segments.map(({ language: own = event.language, ...segment }, i) => ({
      id: segments.length + i,
      ...segment,
      ...(options.languagePerWindow && { language: own }),
    }));
    segments.push(...numbered);
    missed.push(...event.missed);
    yield { type: 'segments-decoded', segments: numbered, processedSeconds: event.processedSeconds };
  }

  const text = segments.map((segment) => segment.text).join('');
  const spokenLanguage = languages?.[0].language ?? language.given ?? 'en';
  return {
    text,
    language: spokenLanguage,
    languageProbabilities: languages ?? null,
    ...(languages === undefined && language.given === undefined && { isLanguageGuessed: true as const }),
    durationSeconds: audio.durationSeconds,
    segments,
    warnings: [
      ...optionWarnings,
      ...leadingText.warnings,
      ...translationWarnings(options, batch.dimensions, spokenLanguage),
      ...missedSpeechWarnings(missed),
      ...(text.trim() === '' && missed.length === 0 ? noSpeechWarnings(audio) : []),
    ],
  };
}

async function* windowsOf(
  request: TranscribeRequest,
  language: SpokenLanguage,
  leadingText: LeadingText,
): AsyncGenerator<ClipEvent, void> {
  const { audio, batch, options, batchSize = 1 } = request;
  const totalFrames = Math.floor(audio.sampleCount / samplesPerFrame);
  const { clips, spoken } = await clipsOf(request, totalFrames);
  const runs = options.sequential ? [clips] : clips.map((clip) => [clip]);

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
        spoken,
        language,
        leadingText,
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

  if (batchSize === 1) {
    for (const index of runs.keys()) yield* run(index);
  } else {
    yield* inOrder(
      runs.map((_, index) => () => run(index)),
      batchSize,
    );
  }
}

interface HeardClips {
  readonly clips: readonly Clip[];
  /** What voice activity heard; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
}

/** The parts that the client names, else those that hold speech, else everything; cut at pauses unless `sequential`. */
async function clipsOf(request: TranscribeRequest, totalFrames: number): Promise<HeardClips> {
  const { voiceActivity: network, options, stopwatch } = request;
  const cutIntoWindows = !options.sequential;
  const hasNamedClips = options.clipTimestamps.length > 0;
  const namedClips = clipRanges(options.clipTimestamps, totalFrames);
  const hearsAll = isReferenceRun(options) || (!cutIntoWindows && hasNamedClips);
  if (network === undefined || hearsAll) return { clips: namedClips, spoken: null };
  const named = hasNamedClips ? namedClips.filter(isNotEmpty).map(inSeconds) : undefined;
  const { clips, spoken } = await stopwatch.measure('voiceActivity', () =>
    speechClips({ ...request, network, cutIntoWindows, ...(named && { named }) }),
  );
  return { clips: clips.map((clip) => inFrames(clip, totalFrames)).filter(isNotEmpty), spoken };
}

function isNotEmpty({ startFrames, endFrames }: Clip): boolean {
  return startFrames < endFrames;
}

function inSeconds({ startFrames, endFrames }: Clip): SpeechRange {
  return { startSeconds: startFrames / framesPerSecond, endSeconds: endFrames / framesPerSecond };
}

function inFrames({ startSeconds, endSeconds, speechUntilSeconds }: SpeechClip, totalFrames: number): Clip {
  return {
    startFrames: Math.round(startSeconds * framesPerSecond),
    endFrames: Math.min(Math.round(endSeconds * framesPerSecond), totalFrames),
    endsInPause: true,
    ...(speechUntilSeconds !== undefined && { speechUntilFrames: Math.round(speechUntilSeconds * framesPerSecond) }),
  };
}
