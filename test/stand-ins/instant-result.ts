import type { TranscriptionResult } from '../../daemon/src/messages/engine-messages.ts';
import { noTimings } from './timings.ts';

/** What an engine answers that needs no time. */
export const instantResult: TranscriptionResult = {
  text: ' hello',
  language: 'en',
  languageProbabilities: null,
  durationSeconds: 1,
  segments: [],
  model: 'base',
  task: 'transcribe',
  audio: { durationSeconds: 1, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 },
  timings: noTimings,
  warnings: [],
};
