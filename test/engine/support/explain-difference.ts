import type { NativeModel } from '@hearth/native';
import { readLogits } from '@hearth/native/testing';
import { createTokenizer } from '../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import type { Segment } from '../../../daemon/src/whisper/transcript.ts';
import { encodeWindow, multilingual } from './embedded-model.ts';
import type { ReferenceSegment } from './reference-answers.ts';

/**
 * Where two transcripts part: the window, the step in it and the logits of the two tokens there, as the model gives them
 * for a greedy transcription without previous text.
 */
export async function explainDifference(request: {
  readonly model: NativeModel;
  readonly file: string;
  readonly language: string;
  readonly ours: readonly Segment[];
  readonly theirs: readonly ReferenceSegment[];
}): Promise<string> {
  const { model, file, language, ours, theirs } = request;
  const seeks = [...new Set([...ours, ...theirs].map(({ seek }) => seek))].sort((a, b) => a - b);
  const tokensAt = (segments: readonly Pick<Segment, 'seek' | 'tokens'>[], seek: number) =>
    segments.filter((segment) => segment.seek === seek).flatMap(({ tokens }) => tokens);
  const seek = seeks.find((each) => tokensAt(ours, each).join() !== tokensAt(theirs, each).join());
  if (seek === undefined) return 'the same tokens in other segments';
  const own = tokensAt(ours, seek);
  const other = tokensAt(theirs, seek);
  const step = [...own, ...other].findIndex((_, i) => own[i] !== other[i]);
  const tokenizer = createTokenizer(multilingual, { language, task: 'transcribe' });
  const tokens = [own[step], other[step]].map((token) => token ?? tokenizer.special.endOfText);
  const encoding = await encodeWindow(model, { file, startFrame: seek, frameCount: 3000 });
  const all = await readLogits({ model, encoding, tokens: [...tokenizer.sotSequence, ...own.slice(0, step)] });
  encoding.close();
  const last = all.subarray(all.length - model.dimensions.vocabularySize);
  const named = tokens.map(
    (token) => `${JSON.stringify(multilingual.decodeWithTimestamps([token]))} with logit ${last[token]?.toFixed(4)}`,
  );
  return `window at ${seek / 100} s, step ${step}: ours ${named[0]}, openai/whisper ${named[1]}`;
}
