import { createTokenizer } from '../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { alignWords } from '../../daemon/src/whisper/words/align-words.ts';
import { multilingual } from '../../test/engine/support/embedded-model.ts';
import type { DecodedText } from './observed-model.ts';

const framesPerSecond = 100;

/**
 * The beginning of a text whose words cross-attention finds a time or longer before the end of the sound, for each of
 * some times (AlignAtt of Papi, Turchi and Negri, "AlignAtt: Using Attention-based Audio-Translation Alignments as a
 * Guide for Simultaneous Speech Translation"). The places are those of the engine's alignment, on the heads that follow
 * the audio.
 */
export async function attendedTexts(
  { session, request, tokens, contentFrames }: DecodedText,
  { language, behindSeconds }: { readonly language: string; readonly behindSeconds: readonly number[] },
): Promise<readonly string[]> {
  const tokenizer = createTokenizer(multilingual, { language, task: 'transcribe' });
  const { endOfText, noTimestamps } = tokenizer.special;
  const words = await alignWords({
    model: session,
    encoding: request.encoding,
    prompt: [...tokenizer.sotSequence, noTimestamps],
    textTokens: tokens.filter((token) => token < endOfText),
    contentFrames,
    splitter: { language, endOfText, decodeWithTimestamps: tokenizer.decodeWithTimestamps },
  });
  return behindSeconds.map((seconds) => {
    const latest = contentFrames / framesPerSecond - seconds;
    const firstLate = words.findIndex(({ startSeconds }) => startSeconds >= latest);
    const stable = firstLate === -1 ? words : words.slice(0, firstLate);
    return stable.map(({ word }) => word).join('');
  });
}
