import type { NativeComingAudio } from '@hearth/native';
import type { Dictionary } from '../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { checkOptions } from './check-options.ts';
import type { LanguageProbabilities } from './detect-language.ts';
import { findClips, isOnlyOne } from './find-clips.ts';
import { inOrder, type Part } from './in-order.ts';
import { fitLeadingText } from './leading-text.ts';
import { missedSpeechWarnings } from './missed-speech-warning.ts';
import { type Clip, framesPerSecond, samplesPerFrame } from './segments/window.ts';
import { createSpokenLanguage } from './spoken-language.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type ClipEvent, transcribeClips } from './transcribe-clips.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { noSpeechWarnings } from './transcript-warning.ts';
import type { Transcription } from './transcription.ts';
import { isHeardAsAWhole } from './voice-activity/is-heard-as-a-whole.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';
import type { WhisperModel } from './whisper-model.ts';

export interface TranscribeRequest {
  readonly model: WhisperModel;
  readonly vocabulary: Vocabulary;
  /** It may still be decoded: a window is heard as soon as its end is certain. */
  readonly audio: NativeComingAudio;
  readonly options: ResolvedOptions;
  /** Windows of a recording cut at pauses that are in work at a time. Default: one. */
  readonly windowsAtATime?: number;
  /** Where the recording begins in a longer one, for times in warnings. Default: 0. */
  readonly startSeconds?: number;
  /** What its first window was heard as before; the answer is the one without it. */
  readonly draft?: Transcription['draft'];
  readonly onPartial?: Transcription['onPartial'];
  /** Names and terms to recognise, if the options want them. Default: none. */
  readonly dictionary?: Dictionary | undefined;
}

/**
 * A recording to its transcript. It is cut at pauses into windows that lead no other, several of which can be decoded at
 * a time; or with the option `sequential` decoded window after window, each led by the text before it, as openai/whisper
 * transcribe.py `transcribe` does. Segments come in their order.
 * @throws `OPTION_INVALID`, `MODEL_INVALID`, `CANCELLED`
 */
export async function* transcribe(request: TranscribeRequest): AsyncGenerator<TranscribeEvent, Transcript> {
  const {
    model,
    vocabulary,
    audio,
    options,
    windowsAtATime = 1,
    startSeconds = 0,
    draft,
    onPartial,
    dictionary,
  } = request;
  const segments: Segment[] = [];
  const missed: SpeechRange[] = [];
  const optionWarnings = checkOptions(options, model.dimensions);
  const language = createSpokenLanguage(options, vocabulary);
  const leadingText = fitLeadingText(vocabulary.encode, model.dimensions.textContext, options);
  const totalFrames = isHeardAsAWhole(options)
    ? Math.floor((await audio.whole()).sampleCount / samplesPerFrame)
    : Number.POSITIVE_INFINITY;
  const { clips, spoken } = await findClips(request);
  const ahead = options.window === 'short' ? await isOnlyOne(clips) : { isOnly: false, clips };
  let languages: LanguageProbabilities | undefined;

  const parts = partsOf(ahead.clips, {
    model,
    vocabulary,
    options,
    audio,
    totalFrames,
    language,
    leadingText,
    spoken,
    hearsShortWindows: ahead.isOnly,
    draft,
    onPartial,
    dictionary: options.dictionary ? dictionary : undefined,
  });
  for await (const event of inOrder(parts, windowsAtATime)) {
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
    missed.push(...event.missed.map((range) => shifted(range, startSeconds)));
    yield { type: 'segments-decoded', segments: numbered, processedSeconds: event.processedSeconds };
  }

  const whole = await audio.whole();
  const text = segments.map((segment) => segment.text).join('');
  const spokenLanguage = languages?.[0].language ?? language.given ?? 'en';
  return {
    text,
    language: spokenLanguage,
    languageProbabilities: languages ?? null,
    ...(languages === undefined && language.given === undefined && { isLanguageGuessed: true as const }),
    durationSeconds: whole.durationSeconds,
    segments,
    warnings: [
      ...optionWarnings,
      ...leadingText.warnings,
      ...missedSpeechWarnings(missed),
      ...(text.trim() === '' && missed.length === 0 ? noSpeechWarnings(whole) : []),
    ],
  };
}

/** A part for each clip, or one for all where the text of one leads the next. */
async function* partsOf(
  clips: AsyncIterable<Clip>,
  transcription: Transcription,
): AsyncGenerator<Part<ClipEvent>, void> {
  const { language, options } = transcription;
  let before: Clip | undefined;
  for await (const group of options.sequential ? allAtOnce(clips) : oneByOne(clips)) {
    const isFirst = before === undefined;
    const lastSpeechSeconds = (before?.endFrames ?? 0) / framesPerSecond;
    before = group.at(-1);
    yield async function* () {
      if (!isFirst) await language.known;
      try {
        yield* transcribeClips(transcription, group, lastSpeechSeconds);
      } catch (error) {
        language.stopWaiting(error);
        throw error;
      } finally {
        // Also when this part is left in the middle.
        language.stopWaiting();
      }
    };
  }
}

async function* allAtOnce(clips: AsyncIterable<Clip>): AsyncGenerator<readonly Clip[]> {
  const all: Clip[] = [];
  for await (const clip of clips) all.push(clip);
  yield all;
}

async function* oneByOne(clips: AsyncIterable<Clip>): AsyncGenerator<readonly Clip[]> {
  for await (const clip of clips) yield [clip];
}

function shifted(range: SpeechRange, bySeconds: number): SpeechRange {
  return { startSeconds: range.startSeconds + bySeconds, endSeconds: range.endSeconds + bySeconds };
}
