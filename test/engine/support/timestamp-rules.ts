import type { LogitFilters } from '../../../native/index.ts';

/**
 * A plain transcription of openai/whisper decoding.py `SuppressBlank`, `SuppressTokens` and `ApplyTimestampRules`, step
 * for step and without a thought for speed: the table that the engine's own filters are held against. `speechUntil` is
 * ours.
 */
export function filteredByTheBook(request: {
  readonly filters: LogitFilters;
  readonly speechUntil: number;
  readonly sampled: readonly number[];
  readonly logits: Float32Array;
}): number[] {
  const { filters, speechUntil, sampled, logits } = request;
  const row = [...logits];
  const mask = (from: number, to: number) => row.fill(-Infinity, from, Math.max(from, to));
  if (sampled.length === 0) for (const token of filters.suppressAtBegin) row[token] = -Infinity;
  for (const token of filters.suppress) row[token] = -Infinity;
  const rules = filters.timestampRules;
  if (rules === null) return row;

  const { timestampBegin, endOfText } = rules;
  row[rules.noTimestamps] = -Infinity;
  const lastWasTimestamp = sampled.length >= 1 && (sampled.at(-1) as number) >= timestampBegin;
  const penultimateWasTimestamp = sampled.length < 2 || (sampled.at(-2) as number) >= timestampBegin;
  if (lastWasTimestamp) {
    if (penultimateWasTimestamp) mask(timestampBegin, row.length);
    else mask(0, endOfText);
  }
  const timestamps = sampled.filter((token) => token >= timestampBegin);
  if (timestamps.length > 0) {
    const last = timestamps.at(-1) as number;
    mask(timestampBegin, lastWasTimestamp && !penultimateWasTimestamp ? last : last + 1);
  }
  if (lastWasTimestamp && sampled.length > 1 && (sampled.at(-1) as number) < speechUntil) row[endOfText] = -Infinity;
  if (sampled.length === 0) {
    mask(0, timestampBegin);
    if (rules.maxInitialTimestampIndex !== null) {
      mask(timestampBegin + rules.maxInitialTimestampIndex + 1, row.length);
    }
  }
  const logSumExp = (values: readonly number[]) => {
    const largest = Math.max(...values);
    if (largest === -Infinity) return -Infinity;
    return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  };
  if (logSumExp(row.slice(timestampBegin)) > Math.max(...row.slice(0, timestampBegin))) mask(0, timestampBegin);
  return row;
}
