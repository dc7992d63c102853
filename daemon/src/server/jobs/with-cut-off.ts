import type { NewJobEnd } from './event-log.ts';

/** An end that tells, with the text, why a client's sound was not taken to its end. */
export function withCutOff(end: NewJobEnd, cutOff: string | null): NewJobEnd {
  if (cutOff === null || end.type !== 'job-done') return end;
  const { warnings, warning_codes: codes = [] } = end.result;
  return {
    ...end,
    result: { ...end.result, warnings: [...warnings, cutOff], warning_codes: [...codes, 'sound-cut-off'] },
  };
}
