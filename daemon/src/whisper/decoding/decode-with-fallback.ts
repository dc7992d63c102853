import { HearthError } from '../../errors/hearth-error.ts';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { compressionRatio } from '../compression-ratio.ts';
import { collapseLoop } from './collapse-loop.ts';
import { type DecodeWindowRequest, decodeWindow } from './decode-window.ts';
import type { DecodingResult } from './decoding-result.ts';

/** Keeps the seeds of a window's temperatures apart; each takes one per sample. */
const seedsPerTemperature = 64;

/**
 * Decodes a window at rising temperatures until its text passes the thresholds; the last one is kept (openai/whisper
 * transcribe.py `decode_with_fallback`). The encoding is the same for all. A text that repeats itself at the last one too
 * loses its repeats, unless the option `loopGuard` is off.
 * @throws `MODEL_INVALID` for a text whose likelihood is no number
 */
export async function decodeWithFallback(request: DecodeWindowRequest): Promise<DecodingResult> {
  let result: DecodingResult | undefined;
  for (const [index, temperature] of request.options.temperature.entries()) {
    const seed = request.seed + index * seedsPerTemperature;
    result = await decodeWindow(request, { temperature, seed });
    if (!needsFallback(result, request.options)) break;
  }
  if (!Number.isFinite((result as DecodingResult).avgLogprob)) {
    throw new HearthError('MODEL_INVALID', 'The model computes no number for what it hears.', {
      hint: 'Its weights are damaged, or the options leave it no token to choose. Pull the model again.',
    });
  }
  return withoutLoop(result as DecodingResult, request);
}

function withoutLoop(result: DecodingResult, { options, tokenizer }: DecodeWindowRequest): DecodingResult {
  if (!options.loopGuard || !repeatsItself(result, options)) return result;
  const tokens = collapseLoop(result.tokens, tokenizer.special.timestampBegin);
  if (tokens === result.tokens) return result;
  const text = tokenizer.decode(tokens).trim();
  return { ...result, tokens, text, compressionRatio: compressionRatio(text), loopCollapsed: true };
}

function repeatsItself(result: DecodingResult, options: ResolvedOptions): boolean {
  return result.compressionRatio > options.compressionRatioThreshold;
}

/** Whether a text is as likely as asked for and does not repeat itself. */
export function passesThresholds(result: DecodingResult, options: ResolvedOptions): boolean {
  return !repeatsItself(result, options) && !isUnlikely(result, options);
}

/** What is no number is not likely either. */
function isUnlikely({ avgLogprob }: DecodingResult, options: ResolvedOptions): boolean {
  return !(avgLogprob >= options.logprobThreshold);
}

function needsFallback(result: DecodingResult, options: ResolvedOptions): boolean {
  if (!Number.isFinite(result.avgLogprob)) return true;
  const isSilence = isUnlikely(result, options) && result.noSpeechProb > options.noSpeechThreshold;
  return !passesThresholds(result, options) && !isSilence;
}
