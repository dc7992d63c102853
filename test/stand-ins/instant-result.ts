import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { noTimings } from './timings.ts';

/** What an engine answers that needs no time. */
export const instantResult: Transcript = {
  text: ' hello',
  language: 'en',
  language_probability: null,
  language_probabilities: null,
  duration: 1,
  segments: [],
  model: 'base',
  task: 'transcribe',
  timings: noTimings,
  warnings: [],
};
