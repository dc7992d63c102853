import type { NativeAudio } from '@hearth/native';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { checkOptions } from './check-options.ts';
import type { LanguageProbabilities } from './detect-language.ts';
import { isReferenceRun } from './is-reference-run.ts';
import { fitLeadingText } from './leading-text.ts';
import { missedSpeechWarnings } from './missed-speech-warning.ts';
import { type Clip, clipRanges, framesPerSecond } from './segments/window.ts';
import { createSpokenLanguage } from './spoken-language.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type ClipEvent, transcribeClips } from './transcribe-clips.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { noSpeechWarnings, translationWarnings } from './transcript-warning.ts';
import type { Transcription } from './transcription.ts';
import { type SpeechClip, speechClips } from './voice-activity/speech-clips.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';
import type { WhisperModel } from './whisper-model.ts';

const samplesPerFrame = 160;

/** Transcribes a part of a recording that is led by no other. */
export type Run<Event> = () => AsyncGenerator<Event, void>;

/** Runs all parts, as many at a time as it likes, and gives their events in the order of the parts. */
export type RunAll = <Event>(runs: readonly Run<Event>[]) => AsyncGenerator<Event, void>;

export interface TranscribeRequest {
  readonly model: WhisperModel;
  readonly vocabulary: Vocabulary;
  readonly audio: NativeAudio;
  readonly options: ResolvedOptions;
  /** Default: one part after the other. */
  readonly runAll?: RunAll;
  readonly onPartial?: Transcription['onPartial'];
}

/**
 * A recording to its transcript. It is cut at pauses into windows that lead no other, several of which can be decoded at
 * a time; or with the option `sequential` decoded window after window, each led by the text before it, as openai/whisper
 * transcribe.py `transcribe` does. Segments come in their order.
 * @throws `OPTION_INVALID`, `MODEL_INVALID`, `CANCELLED`
 */
export async function* transcribe(request: TranscribeRequest): AsyncGenerator<TranscribeEvent, Transcript> {
  const { model, vocabulary, audio, options, runAll = oneAfterTheOther, onPartial } = request;
  const segments: Segment[] = [];
  const missed: SpeechRange[] = [];
  const optionWarnings = checkOptions(options, model.dimensions);
  const language = createSpokenLanguage(options, vocabulary);
  const leadingText = fitLeadingText(vocabulary.encode, model.dimensions.textContext, options);
  const totalFrames = Math.floor(audio.sampleCount / samplesPerFrame);
  const { clips, spoken } = await clipsOf(request, totalFrames);
  let languages: LanguageProbabilities | undefined;

  const runs = runsOf(clips, {
    model,
    vocabulary,
    options,
    audio,
    totalFrames,
    language,
    leadingText,
    spoken,
    onPartial,
  });
  for await (const event of runAll(runs)) {
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
      ...translationWarnings(options, model.dimensions, spokenLanguage),
      ...missedSpeechWarnings(missed),
      ...(text.trim() === '' && missed.length === 0 ? noSpeechWarnings(audio) : []),
    ],
  };
}

async function* oneAfterTheOther<Event>(runs: readonly Run<Event>[]): AsyncGenerator<Event, void> {
  for (const run of runs) yield* run();
}

/** A run for each clip, or one for all where the text of one leads the next. */
function runsOf(clips: readonly Clip[], transcription: Transcription): Run<ClipEvent>[] {
  const { language, options } = transcription;
  const groups = options.sequential ? [clips] : clips.map((clip) => [clip]);
  return groups.map(
    (group, index) =>
      async function* () {
        if (index > 0) await language.known;
        const lastSpeechFrames = groups[index - 1]?.at(-1)?.endFrames ?? 0;
        try {
          yield* transcribeClips(transcription, group, lastSpeechFrames / framesPerSecond);
          language.stopWaiting();
        } catch (error) {
          language.stopWaiting(error);
          throw error;
        }
      },
  );
}

interface HeardClips {
  readonly clips: readonly Clip[];
  /** What voice activity heard; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
}

/** The parts that the client names, else those that hold speech, else everything; cut at pauses unless `sequential`. */
async function clipsOf({ model, audio, options }: TranscribeRequest, totalFrames: number): Promise<HeardClips> {
  const cutIntoWindows = !options.sequential;
  const hasNamedClips = options.clipTimestamps.length > 0;
  const namedClips = clipRanges(options.clipTimestamps, totalFrames);
  const hearsAll = isReferenceRun(options) || (!cutIntoWindows && hasNamedClips);
  const probabilities = hearsAll ? null : await model.speechProbabilities(audio);
  if (probabilities === null) return { clips: namedClips, spoken: null };
  const { clips, spoken } = speechClips({
    probabilities,
    durationSeconds: audio.durationSeconds,
    options,
    cutIntoWindows,
    named: hasNamedClips ? namedClips.filter(isNotEmpty).map(inSeconds) : undefined,
  });
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
