/** A decoded text before the choice. */
export interface Candidate {
  readonly tokens: readonly number[];
  readonly sumLogprob: number;
}

/** The likeliest candidate by length (openai/whisper decoding.py `MaximumLikelihoodRanker`); the first of equals. */
export function bestCandidate<Text extends Candidate>(candidates: readonly Text[], lengthPenalty: number | null): Text {
  const score = ({ tokens, sumLogprob }: Text) => {
    const length = Math.max(tokens.length, 1);
    return sumLogprob / (lengthPenalty === null ? length : ((5 + length) / 6) ** lengthPenalty);
  };
  return candidates.reduce((best, candidate) => (score(candidate) > score(best) ? candidate : best));
}
