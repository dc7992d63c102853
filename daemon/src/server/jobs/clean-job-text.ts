import { cleanTranscript } from '../../clean-up/clean-transcript.ts';
import { prepareCleanUp } from '../../clean-up/create-clean-up.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import { resolveOptions } from '../../protocol/options/resolve-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { Job } from './job.ts';
import type { JobWords } from './job-words.ts';

/** The text of one run of a job, cleaned as its options say. */
export interface JobText {
  /** What the engine says, in its order. */
  readonly event: (event: EngineEvent) => EngineEvent;
  readonly result: (transcript: Transcript) => Transcript;
}

/** Followers and the result get the same text: both are cleaned segment by segment, with the list as it is now. */
export function cleanJobText(job: Job, { replacements, correctNames }: JobWords): JobText {
  const options = resolveOptions(job.options);
  const { replaceWords, spokenPunctuation, dropFillers, capitalStart, task } = options;
  const parts = { replaceWords, spokenPunctuation, dropFillers, capitalStart };
  if (correctNames === null && !Object.values(parts).includes(true)) {
    return { event: (event) => event, result: (transcript) => transcript };
  }
  const begin = prepareCleanUp(parts, replacements, correctNames);
  const clean = begin();
  let committed = '';
  return {
    event(event) {
      // Its segments came just before.
      if (event.type === 'text-committed') return { ...event, text: committed };
      if (event.type !== 'segments-decoded') return event;
      const language = task === 'translate' ? 'en' : (job.language ?? options.language ?? 'en');
      const segments = event.segments.map((segment) => clean(segment, segment.language ?? language));
      committed = segments.map((segment) => segment.text).join('');
      return { ...event, segments };
    },
    result: (transcript) => cleanTranscript(transcript, begin()),
  };
}
