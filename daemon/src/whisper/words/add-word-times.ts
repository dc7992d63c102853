import type { NativeEncoding } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { WindowSegment } from '../segments/split-into-segments.ts';
import { framesPerSecond, type Window } from '../segments/window.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WhisperModel } from '../whisper-model.ts';
import { alignWords } from './align-words.ts';
import { mergePunctuations } from './merge-punctuations.ts';
import { placeWords } from './place-words.ts';
import { medianWordSeconds, shortenAtSentenceEnds } from './word-durations.ts';

export interface AddWordTimesRequest {
  readonly model: WhisperModel;
  readonly tokenizer: Tokenizer;
  readonly options: ResolvedOptions;
  readonly encoding: NativeEncoding;
  readonly window: Window;
  readonly segments: readonly WindowSegment[];
  readonly lastSpeechSeconds: number;
}

/** Gives a window's segments their words and better times (openai/whisper timing.py `add_word_timestamps`). */
export async function addWordTimes(request: AddWordTimesRequest): Promise<WindowSegment[]> {
  const { tokenizer, segments, options } = request;
  const { endOfText, noTimestamps } = tokenizer.special;
  const textTokens = segments.map((segment) => segment.tokens.filter((token) => token < endOfText));
  const timings = await alignWords({
    model: request.model,
    encoding: request.encoding,
    prompt: [...tokenizer.sotSequence, noTimestamps],
    textTokens: textTokens.flat(),
    contentFrames: request.window.contentFrames,
    splitter: { language: tokenizer.language, endOfText, decodeWithTimestamps: tokenizer.decodeWithTimestamps },
  });
  const medianSeconds = medianWordSeconds(timings);
  const placed = placeWords({
    segments: segments.map(({ startSeconds, endSeconds }, i) => ({
      startSeconds,
      endSeconds,
      textTokens: textTokens[i] as number[],
    })),
    timings: mergePunctuations(
      shortenAtSentenceEnds(timings, medianSeconds),
      options.prependPunctuations,
      options.appendPunctuations,
    ),
    windowStartSeconds: request.window.seekFrames / framesPerSecond,
    lastSpeechSeconds: request.lastSpeechSeconds,
    medianSeconds,
  });
  return segments.map((segment, i) => ({ ...segment, ...placed[i] }));
}

/** The end of the last word, or of the last segment when no segment has words (openai/whisper utils.py `get_end`). */
export function lastSpeechEnd(segments: readonly WindowSegment[]): number | undefined {
  const lastWord = segments.flatMap((segment) => segment.words ?? []).at(-1);
  return lastWord?.endSeconds ?? segments.at(-1)?.endSeconds;
}
