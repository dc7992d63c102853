import { readFileSync } from 'node:fs';

export interface ReferenceSegment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly seek: number;
  readonly avgLogprob: number;
  readonly compressionRatio: number;
  readonly noSpeechProb: number;
}

export interface ReferenceTranscript {
  readonly text: string;
  readonly language: string;
  readonly segments: readonly ReferenceSegment[];
}

export interface ReferenceWindow {
  /** Without the white space around it. */
  readonly text: string;
  readonly tokens: readonly number[];
  readonly avgLogprob: number;
  readonly noSpeechProb: number;
}

export interface ReferenceClip {
  readonly seconds: number;
  readonly language: string;
  /** The five likeliest. */
  readonly languageProbabilities: Readonly<Record<string, number>>;
  readonly greedyWithoutWords?: ReferenceTranscript;
  readonly prompted?: ReferenceTranscript;
  readonly translate?: ReferenceTranscript;
  readonly noCarry?: ReferenceTranscript;
  readonly withoutTimestampsFirstWindow?: ReferenceWindow;
}

/** What OpenAI's implementation answers for the embedded model's weights, by clip. */
export const referenceClips: readonly (readonly [name: string, clip: ReferenceClip])[] = Object.entries(
  JSON.parse(
    readFileSync(new URL('../../fixtures/reference/whisper-base-4bit.json', import.meta.url), 'utf8'),
  ) as Record<string, ReferenceClip>,
);
