import { readFileSync } from 'node:fs';

export interface ReferenceWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

export interface ReferenceSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly seek: number;
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
  /** In runs with word times. */
  readonly words?: readonly ReferenceWord[];
}

export interface ReferenceTranscript {
  readonly text: string;
  readonly segments: readonly ReferenceSegment[];
}

/** Runs of openai/whisper that gave whole transcripts; see test/fixtures/reference/README.md. */
export type ReferenceRun =
  | 'greedy'
  | 'greedyWithoutWords'
  | 'beam5'
  | 'translate'
  | 'prompted'
  | 'noCarry'
  | 'silenceSkip';

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
