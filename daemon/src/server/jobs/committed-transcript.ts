import { modelNameOf } from '../../models/hub-cache.ts';
import { resolveOptions } from '../../protocol/options/resolve-options.ts';
import { type Timings, TimingsSchema, type Transcript } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { Job } from './job.ts';
import type { LiveJob } from './live-job.ts';

/** What a live session has committed that no engine takes to its end, as it was decoded; null if that is nothing. */
export function committedTranscript(job: Job, live: LiveJob, failure: WireError): Transcript | null {
  const { segments, committedSeconds, languageProbability } = live;
  const text = segments.map((segment) => segment.text).join('');
  if (text.trim() === '') return null;
  const { task, language: asked } = resolveOptions(job.options);
  const language = job.language ?? asked ?? 'en';
  return {
    text,
    segments: [...segments],
    language,
    language_probability: languageProbability,
    language_probabilities: languageProbability === null ? null : { [language]: languageProbability },
    task,
    duration: Math.max(committedSeconds, segments.at(-1)?.end ?? 0),
    model: modelNameOf(job.modelFolder),
    // The engines that knew them are gone.
    timings: Object.fromEntries(Object.keys(TimingsSchema.properties).map((name) => [name, 0])) as unknown as Timings,
    warnings: [`The session was given up, so its text ends early. ${failure.message}`],
    warning_codes: ['text-cut-off'],
  };
}
