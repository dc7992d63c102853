import { readFileSync } from 'node:fs';

export interface ReferenceSegment {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly seek: number;
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
}

export interface ReferenceTranscript {
  readonly text: string;
  readonly segments: readonly ReferenceSegment[];
}

/** Runs of openai/whisper that gave whole transcripts; see test/fixtures/reference/README.md. */
export type ReferenceRun = 'greedy' | 'greedyWithoutWords' | 'translate' | 'prompted' | 'noCarry';

export type ReferenceAnswers = { readonly [Run in ReferenceRun]?: ReferenceTranscript } & {
  readonly language: string;
  /** The five likeliest. */
  readonly languageProbabilities: Readonly<Record<string, number>>;
  readonly withoutTimestampsFirstWindow?: {
    readonly tokens: readonly number[];
    readonly avgLogprob: number;
    readonly noSpeechProb: number;
  };
};

/** What openai/whisper answers with the embedded model's weights, by file. */
export const referenceAnswers = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/whisper-base-4bit.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, ReferenceAnswers>>;
