import { chooseWords } from '../../dictionary/choose-words.ts';
import type { Dictionary } from '../../dictionary/create-dictionary.ts';
import { findHeard } from '../../dictionary/heard-words.ts';
import { capitalizesNouns, type OrdinaryWords } from '../../dictionary/ordinary-words.ts';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { passesThresholds } from './decode-with-fallback.ts';
import { type DecodingResult, hasNoSpeech } from './decoding-result.ts';
import { replaceInTokens } from './replace-in-tokens.ts';

export interface DecodeWithWordsRequest {
  readonly dictionary: Dictionary | undefined;
  readonly options: ResolvedOptions;
  readonly tokenizer: Tokenizer;
  /** Decodes the window again, once, with these tokens before what led it; the draft is what it said before. */
  readonly decodeAgain: (tokens: readonly number[], draft: readonly number[]) => Promise<DecodingResult>;
}

/** So much less likely a text may be to be believed. */
const mostLost = 0.1;

/**
 * A window's text with the words of the dictionary that were said. Those that are near something in it are put before the
 * window, and it is decoded again; where that writes one of them in the place of what is near it, so does the answer. A
 * list before a window changes more than its words, seldom for the better: all else stays as it was without them.
 */
export async function decodeWithWords(
  unled: DecodingResult,
  { dictionary, options, tokenizer, decodeAgain }: DecodeWithWordsRequest,
): Promise<DecodingResult> {
  const isCertain = unled.temperature === options.temperature[0] && passesThresholds(unled, options);
  if (dictionary === undefined || !isCertain || hasNoSpeech(unled, options)) return unled;
  const language = options.task === 'translate' ? 'en' : tokenizer.language;
  const isOrdinary = ordinaryFor(tokenizer, language);
  const text = tokenizer.decode(unled.tokens);
  const entries = chooseWords(text, { dictionary, language, isOrdinary });
  if (entries.length === 0) return unled;
  const led = await decodeAgain(tokenizer.encode(` ${entries.map(({ word }) => word).join(', ')}.`), unled.tokens);
  const isLikely = passesThresholds(led, options) && led.avgLogprob >= unled.avgLogprob - mostLost;
  const heard = isLikely && !hasNoSpeech(led, options) ? findHeard(text, { led: led.text, entries, isOrdinary }) : [];
  if (heard.length === 0) return unled;
  const tokens = replaceInTokens(unled.tokens, heard, tokenizer);
  return { ...unled, tokens, text: tokenizer.decode(tokens).trim() };
}

/** The vocabulary has a token of its own for each ordinary word. */
function ordinaryFor({ encode }: Tokenizer, language: string): OrdinaryWords {
  return ({ text }) => encode(` ${capitalizesNouns.has(language) ? text : text.toLowerCase()}`).length === 1;
}
