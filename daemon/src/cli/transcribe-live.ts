import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { Daemon } from '../client/request.ts';
import { transcribeLiveSteadily } from '../client/steady-live.ts';
import type { AnswerOptions } from '../protocol/options/answer-option-table.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { openRecording, shownName } from './open-recording.ts';
import type { OutputPlan } from './output/plan-output.ts';
import { createTranscriptSinks } from './output/transcript-sink.ts';
import { printText } from './terminal/print.ts';
import type { Progress } from './terminal/progress.ts';
import { warnOfJob } from './warn-of-transcript.ts';

export interface TranscribeLiveRequest {
  readonly options: TranscriptionOptions & AnswerOptions;
  /** One for each format. */
  readonly plans: readonly OutputPlan[];
  /** Shows what is not committed yet. */
  readonly progress: Progress;
  /** Print no warnings. */
  readonly quiet: boolean;
}

/**
 * Transcribes sound while it comes, prints each text once it is committed, and shows what is said since. Aborting the
 * daemon's signal ends the sound, not the session: what was heard is still written. @throws what the job fails with
 */
export async function transcribeLiveInput(
  { socketPath, signal: stop, onVersion }: Daemon,
  input: string,
  { options, plans, progress, quiet }: TranscribeLiveRequest,
): Promise<void> {
  const sink = createTranscriptSinks(plans, input, {
    origin: { name: input === '-' ? null : basename(input), createdAt: new Date() },
    heading: null,
    live: true,
    layout: options,
    print: (text) => progress.around(() => printText(text)),
  });
  const { audio, name } = await openRecording(input);
  const daemon = { socketPath, onVersion: (version: string) => progress.around(() => onVersion?.(version)) };
  progress.start(input);
  try {
    for await (const event of transcribeLiveSteadily(daemon, { audio: untilStopped(audio, stop), name, options })) {
      progress.follow(event);
      sink.follow(event);
      if (event.type !== 'job-done') continue;
      progress.stop();
      await sink.finish(event.result);
      if (!quiet) await warnOfJob(daemon, event.jobId, { name: shownName(input), transcript: event.result });
    }
  } finally {
    progress.stop();
  }
}

async function* untilStopped(audio: Readable, stop: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const stopped = Promise.withResolvers<'stopped'>();
  stop?.addEventListener('abort', () => stopped.resolve('stopped'));
  const pieces = audio[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  while (stop?.aborted !== true) {
    const next = await Promise.race([pieces.next(), stopped.promise]);
    if (next === 'stopped' || next.done === true) break;
    yield next.value;
  }
  audio.destroy();
}
