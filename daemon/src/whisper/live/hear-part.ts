import type { NativeAudio } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { fitLeadingText } from '../leading-text.ts';
import { framesPerSecond, framesPerWindow, samplesPerFrame } from '../segments/window.ts';
import { shortWindowFrames } from '../short-windows/short-window-frames.ts';
import { createSpokenLanguage } from '../spoken-language.ts';
import { createTokenizer } from '../tokenizer/tokenizer.ts';
import type { Vocabulary } from '../tokenizer/vocabulary.ts';
import { transcribeWindow } from '../transcribe-window.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { speechUntil } from '../voice-activity/speech-until.ts';
import type { WhisperModel } from '../whisper-model.ts';
import type { Hypothesis } from './choose-cut.ts';
import { type HeardSegment, toHeardSegment } from './heard-draft.ts';

export interface HearPartRequest {
  readonly model: WhisperModel;
  readonly vocabulary: Vocabulary;
  /** The part, no longer than a window. */
  readonly audio: NativeAudio;
  readonly startSeconds: number;
  /** What is spoken in it, cut at every pause; times from the beginning of the sound. */
  readonly spoken: readonly SpeechRange[];
  readonly options: ResolvedOptions;
  /** What the part was heard as before. */
  readonly draft: readonly number[];
}

export interface HeardPart {
  /** Null for a text that the model is not sure of. */
  readonly hypothesis: Hypothesis | null;
  /** A draft for the same part and more. */
  readonly segments: readonly HeardSegment[];
}

/**
 * What a part says whose speech goes on: one greedy text, which is not decoded again where it is doubtful.
 */
export async function hearPart(request: HearPartRequest): Promise<HeardPart> {
  const { model, vocabulary, audio, startSeconds, options: given } = request;
  const options = quick(given);
  const contentFrames = Math.min(Math.floor(audio.sampleCount / samplesPerFrame), framesPerWindow);
  const { always, initial } = fitLeadingText(vocabulary.encode, model.dimensions.textContext, options);
  const leadingTokens = [...always, ...initial];
  const spoken = request.spoken.map((range) => ({
    startSeconds: Math.max(0, range.startSeconds - startSeconds),
    endSeconds: range.endSeconds - startSeconds,
  }));
  const whole = { startSeconds: 0, endSeconds: contentFrames / framesPerSecond };
  const windowFrames = shortWindowFrames(contentFrames);
  const encoding = await model.encode({ audio, startFrame: 0, frameCount: contentFrames, windowFrames });
  try {
    const { language } = await createSpokenLanguage(options, vocabulary).of(model, encoding);
    const found = await transcribeWindow({
      model,
      tokenizer: createTokenizer(vocabulary, { language, task: options.task }),
      options,
      window: {
        seekFrames: 0,
        contentFrames,
        endsInPause: true,
        speechUntilFrames: Math.round(speechUntil(whole, spoken) * framesPerSecond),
      },
      encoding,
      previousTokens: leadingTokens,
      clientTokens: leadingTokens,
      draft: request.draft,
      lastSpeechSeconds: 0,
      totalFrames: contentFrames,
      spoken,
      onPartial: undefined,
      // What is shown while somebody speaks is decoded again once it is said.
      dictionary: undefined,
    });
    const { endOfText } = vocabulary.special;
    const heard = found.segments.map((segment) => toHeardSegment(segment, { startSeconds, endOfText }));
    if (found.skipped || !found.passesThresholds) return { hypothesis: null, segments: heard };
    const segments = found.segments.map(({ text, endSeconds }) => ({ text, endSeconds: startSeconds + endSeconds }));
    return { hypothesis: { text: segments.map(({ text }) => text).join(''), segments }, segments: heard };
  } finally {
    encoding.close();
  }
}

function quick(options: ResolvedOptions): ResolvedOptions {
  return {
    ...options,
    temperature: [0],
    beamSize: null,
    wordTimestamps: false,
    withoutTimestamps: false,
    hallucinationSilenceThreshold: null,
  };
}
