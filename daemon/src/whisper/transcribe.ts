import type { NativeAudio } from '@hearth/native';
import type { Dictionary } from '../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { checkOptions } from './check-options.ts';
import type { LanguageProbabilities } from './detect-language.ts';
import { inOrder, type Part } from './in-order.ts';
import { fitLeadingText } from './leading-text.ts';
import { missedSpeechWarnings } from './missed-speech-warning.ts';
import { type Clip, clipRanges, framesPerSecond, framesPerWindow, samplesPerFrame } from './segments/window.ts';
import { createSpokenLanguage } from './spoken-language.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type ClipEvent, transcribeClips } from './transcribe-clips.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { noSpeechWarnings } from './transcript-warning.ts';
import type { Transcription } from './transcription.ts';
import { listensForSpeech } from './voice-activity/listens-for-speech.ts';
import { type SpeechClip, speechClips } from './voice-activity/speech-clips.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';
import type { WhisperModel } from './whisper-model.ts';

export interface TranscribeRequest {
  readonly model: WhisperModel;
  readonly vocabulary: Vocabulary;
  readonly audio: NativeAudio;
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
  const totalFrames = Math.floor(audio.sampleCount / samplesPerFrame);
  const { clips, spoken } = await clipsOf(request, totalFrames);
  let languages: LanguageProbabilities | undefined;

  const parts = partsOf(clips, {
    model,
    vocabulary,
    options,
    audio,
    totalFrames,
    language,
    leadingText,
    spoken,
    hearsShortWindows: options.window === 'short' && fitsInOneWindow(clips),
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
      ...missedSpeechWarnings(missed),
      ...(text.trim() === '' && missed.length === 0 ? noSpeechWarnings(audio) : []),
    ],
  };
}

/** A part for each clip, or one for all where the text of one leads the next. */
function partsOf(clips: readonly Clip[], transcription: Transcription): Part<ClipEvent>[] {
  const { language, options } = transcription;
  const groups = options.sequential ? [clips] : clips.map((clip) => [clip]);
  return groups.map(
    (group, index) =>
      async function* () {
        if (index > 0) await language.known;
        const lastSpeechFrames = groups[index - 1]?.at(-1)?.endFrames ?? 0;
        try {
          yield* transcribeClips(transcription, group, lastSpeechFrames / framesPerSecond);
        } catch (error) {
          language.stopWaiting(error);
          throw error;
        } finally {
          // Also when this part is left in the middle.
          language.stopWaiting();
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
  const probabilities = listensForSpeech(options) ? await model.speechProbabilities(audio) : null;
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

function fitsInOneWindow([clip, ...others]: readonly Clip[]): boolean {
  return clip !== undefined && others.length === 0 && clip.endFrames - clip.startFrames <= framesPerWindow;
}

function shifted(range: SpeechRange, bySeconds: number): SpeechRange {
  return { startSeconds: range.startSeconds + bySeconds, endSeconds: range.endSeconds + bySeconds };
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
