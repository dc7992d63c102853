import type { Cancellation, NativeAudio, NativeEncoding, NativeModel, NativeVoiceActivity } from '@hearth/native';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { detectLanguage, type LanguageProbability } from './detect-language.ts';
import { encodeWindow } from './encode-window.ts';
import { createPreviousText } from './previous-text.ts';
import { resolveLanguage } from './resolve-language.ts';
import { clipRanges, framesPerSecond, framesPerWindow, type Window } from './segments/window.ts';
import type { Stopwatch } from './stopwatch.ts';
import { createTokenizer, type Tokenizer } from './tokenizer/tokenizer.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import { type TranscribedWindow, transcribeWindow } from './transcribe-window.ts';
import type { Segment, TranscribeEvent, Transcript } from './transcript.ts';
import { speechClips } from './voice-activity/speech-clips.ts';

const samplesPerFrame = 160;

export interface TranscribeRequest {
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
  readonly audio: NativeAudio;
  readonly options: TranscriptionOptions;
  /** Length of what Python's zlib makes of the bytes. */
  readonly compressedLength: (bytes: Uint8Array) => number;
  readonly stopwatch: Stopwatch;
  /** Finds what holds speech; without it, or with the option `vad` off, everything is decoded, as by the reference. */
  readonly voiceActivity?: NativeVoiceActivity;
  readonly cancellation?: Cancellation;
  /** Text of a window while it is being decoded: all of it so far. */
  readonly onPartial?: (partial: { readonly text: string; readonly startSeconds: number }) => void;
  /** In place of the model's own alignment heads. */
  readonly alignmentHeads?: readonly (readonly [number, number])[];
}

/**
 * openai/whisper transcribe.py `transcribe`: window after window, each led by the text before it. Yields after each
 * window, so that whoever drives it can let other work pass.
 * @throws `OPTION_INVALID`, `CANCELLED`
 */
export async function* transcribe(request: TranscribeRequest): AsyncGenerator<TranscribeEvent, Transcript> {
  const { audio, options, vocabulary, model } = request;
  const totalFrames = Math.floor(audio.sampleCount / samplesPerFrame);
  const segments: Segment[] = [];
  let language = resolveLanguage(options, vocabulary);
  let detected: LanguageProbability | undefined;
  let lastSpeechSeconds = 0;
  let previousText: ReturnType<typeof createPreviousText> | undefined;
  let tokenizer: Tokenizer | undefined;

  for (const clip of await clipsOf(request, totalFrames)) {
    let seekFrames = clip.startFrames;
    while (seekFrames < clip.endFrames) {
      const window: Window = {
        seekFrames,
        contentFrames: Math.min(framesPerWindow, clip.endFrames - seekFrames),
      };
      const encoding = await encodeWindow(request, window);
      let found: TranscribedWindow;
      try {
        if (language === undefined) {
          [detected] = await detect(request, encoding);
          language = detected.language;
          yield { type: 'language-detected', ...detected };
        }
        tokenizer ??= createTokenizer(vocabulary, { language, task: options.task ?? 'transcribe' });
        previousText ??= createPreviousText(tokenizer, model.dimensions.textContext, options);
        found = await transcribeWindow({
          ...request,
          window,
          encoding,
          tokenizer,
          totalFrames,
          previousTokens: previousText.promptTokens(),
          lastSpeechSeconds,
        });
      } finally {
        encoding.close();
      }
      const numbered = found.segments.map((segment, i) => ({ id: segments.length + i, ...segment }));
      segments.push(...numbered);
      if (!found.skipped) {
        previousText.add(
          numbered.flatMap((segment) => segment.tokens),
          found.temperature,
        );
      }
      lastSpeechSeconds = found.lastSpeechSeconds;
      seekFrames = found.nextSeekFrames;
      const processedSeconds = Math.min(seekFrames, clip.endFrames) / framesPerSecond;
      yield { type: 'segments-decoded', segments: numbered, processedSeconds };
    }
  }

  return {
    text: vocabulary.decode(segments.flatMap((segment) => segment.tokens)),
    language: language ?? 'en',
    languageProbability: detected?.probability ?? null,
    durationSeconds: audio.durationSeconds,
    segments,
  };
}

/** The parts that the client names, else those that hold speech, else everything. */
async function clipsOf(request: TranscribeRequest, totalFrames: number) {
  const { voiceActivity: network, options } = request;
  if (network === undefined || options.vad === false || options.clipTimestamps !== undefined) {
    return clipRanges(options.clipTimestamps ?? [], totalFrames);
  }
  const clips = await speechClips({ ...request, network });
  return clips.length === 0 ? [] : clipRanges(clips, totalFrames);
}

function detect({ model, vocabulary, stopwatch }: TranscribeRequest, encoding: NativeEncoding) {
  return stopwatch.measure('decode', () => detectLanguage(model, encoding, vocabulary));
}
