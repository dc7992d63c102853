import type { ErrorCode } from '../../errors/error-codes.ts';
import { quoteForShell } from '../../errors/quote-for-shell.ts';
import { asFlags } from '../../protocol/options/as-flags.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { NewJobEnd } from './event-log.ts';
import type { Job } from './job.ts';
import type { LiveJob } from './live-job.ts';

/** Failures of a recording itself, of what was asked for, and of one that nobody wants. All others may be gone tomorrow. */
const ownFaults: readonly ErrorCode[] = [
  'AUDIO_CORRUPT',
  'AUDIO_EMPTY',
  'AUDIO_TOO_LARGE',
  'AUDIO_UNSUPPORTED',
  'CANCELLED',
  'FILE_NOT_FOUND',
  'JOB_CANCELLED',
  'OPTION_INVALID',
];

/** What is known of a job that ends. */
export interface EndingJob extends Pick<Job, 'detached' | 'uploaded'> {
  readonly live: Pick<LiveJob, 'failure'> | null;
}

/** Whether a text was promised that did not come, or not to its end, so that the upload is kept for its owner. */
export function isUploadKept({ detached, uploaded, live }: EndingJob, error: WireError | null): boolean {
  const code = live?.failure?.code ?? error?.code;
  return uploaded && detached && code !== undefined && !ownFaults.includes(code);
}

/** The end of a job whose upload is kept, with the command that transcribes it again. */
export function withLostRecording(end: NewJobEnd, { options }: Pick<Job, 'options'>, path: string): NewJobEnd {
  const words = [...asFlags(options).map(shown), shown(path)];
  const kept = `Its recording is kept. To transcribe it again: \`hearth transcribe ${words.join(' ')}\``;
  if (end.type === 'job-failed') return { ...end, error: { ...end.error, hint: `${end.error.hint} ${kept}`.trim() } };
  if (end.type !== 'job-done') return end;
  return { ...end, result: { ...end.result, warnings: [...end.result.warnings, kept] } };
}

function shown(word: string): string {
  return /^[\w./=,:-]+$/.test(word) ? word : quoteForShell(word);
}
