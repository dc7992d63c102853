import type { NativeEncoding } from '@hearth/native';
import { secondsPerTimestamp } from '../segments/window.ts';
import type { WhisperModel } from '../whisper-model.ts';
import { splitToWords, type WordSplitter } from './split-to-words.ts';
import type { WordTiming } from './word-timing.ts';

export interface AlignWordsRequest {
  readonly model: WhisperModel;
  readonly encoding: NativeEncoding;
  /** Start of transcript, language, task and the no-timestamps token. */
  readonly prompt: readonly number[];
  readonly textTokens: readonly number[];
  /** Mel frames of the window that carry sound. */
  readonly contentFrames: number;
  readonly splitter: WordSplitter;
}

/** When each word of a window is said (openai/whisper timing.py `find_alignment`), from the cached encoding. */
export async function alignWords(request: AlignWordsRequest): Promise<WordTiming[]> {
  const { model, textTokens, splitter } = request;
  if (textTokens.length === 0) return [];
  const words = splitToWords([...textTokens, splitter.endOfText], splitter);
  if (words.length <= 1) return [];
  const alignment = await model.align({
    encoding: request.encoding,
    prompt: request.prompt,
    text: textTokens,
    frames: Math.max(1, Math.floor(request.contentFrames / 2)),
    heads: headsOf(model),
    endOfText: splitter.endOfText,
  });

  let first = 0;
  return words.slice(0, -1).map(({ word, tokens }) => {
    const last = first + tokens.length;
    const timing: WordTiming = {
      word,
      tokens,
      startSeconds: (alignment.starts[first] as number) * secondsPerTimestamp,
      endSeconds: (alignment.starts[last] as number) * secondsPerTimestamp,
      probability: mean(alignment.probabilities.subarray(first, last)),
    };
    first = last;
    return timing;
  });
}

/** openai/whisper model.py: every head of the upper half of the decoder when nobody chose better ones. */
function headsOf(model: WhisperModel): readonly (readonly [number, number])[] {
  if (model.alignmentHeads.length > 0) return model.alignmentHeads;
  const { textLayers, textHeads } = model.dimensions;
  const heads: [number, number][] = [];
  for (let layer = Math.floor(textLayers / 2); layer < textLayers; layer++) {
    for (let head = 0; head < textHeads; head++) heads.push([layer, head]);
  }
  return heads;
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
