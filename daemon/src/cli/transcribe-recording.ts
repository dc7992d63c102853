import { basename } from 'node:path';
import type { Daemon } from '../client/request.ts';
import { transcribe } from '../client/transcriptions.ts';
import { visibleText } from '../errors/visible-text.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import type { AddressBook } from './addresses/address-book.ts';
import { refusalOf, type Show } from './each-recording.ts';
import { openInput } from './open-input.ts';
import { shownName } from './open-recording.ts';
import type { OutputPlan } from './output/plan-output.ts';
import { createTranscriptSinks } from './output/transcript-sink.ts';
import { log, printText } from './terminal/print.ts';
import type { Progress } from './terminal/progress.ts';
import { warnOfJob } from './warn-of-transcript.ts';

export interface TranscribeRecordingRequest {
  readonly options: TranscriptionOptions;
  /** One for each format. */
  readonly plans: readonly OutputPlan[];
  readonly progress: Progress;
  readonly show: Show;
  /** Whether this is one of several recordings, whose texts are told apart. */
  readonly isOneOfSeveral: boolean;
  /** Print no warnings. */
  readonly quiet: boolean;
  /** Where some of the recordings are to be downloaded from; null if none is. */
  readonly addresses: AddressBook | null;
  /** Print how long each stage took. */
  readonly timings: boolean;
}

/**
 * Transcribes one recording, shows how it goes and writes its transcript; returns what prints its warnings.
 * @throws what the job fails with
 */
export async function transcribeRecording(
  daemon: Daemon,
  input: string,
  request: TranscribeRecordingRequest,
): Promise<() => Promise<void>> {
  const { options, plans, progress, show, isOneOfSeveral, quiet, addresses } = request;
  const sink = createTranscriptSinks(plans, input, {
    origin: { name: input === '-' ? null : basename(input), createdAt: new Date() },
    heading: isOneOfSeveral ? visibleText(input) : null,
    live: process.stdout.isTTY ?? false,
    layout: options,
    ...(daemon.signal !== undefined && { signal: daemon.signal }),
    print: (text) => show(() => progress.around(() => printText(text))),
  });
  const { socketPath, signal, onVersion } = daemon;
  let jobId = '';
  try {
    const recording = await openInput(input, {
      addresses,
      signal,
      onStart: (note) => show(() => progress.start(input, note)),
      onShare: (share) => show(() => progress.download(share)),
    });
    const transcript = await transcribe(
      { socketPath, signal, onVersion: (version) => progress.around(() => onVersion?.(version)) },
      {
        ...recording,
        options,
        onEvent: (event) => {
          jobId = event.jobId;
          const atMs = performance.now();
          show(() => progress.follow(event, atMs));
          sink.follow(event);
        },
      },
    ).catch((error) => {
      throw jobId === '' ? refusalOf(error) : error;
    });
    await sink.finish(transcript);
    return async () => {
      if (request.timings) {
        const { timingsTable } = await import('./terminal/timings-table.ts');
        log(timingsTable(input, transcript));
      }
      if (!quiet) await warnOfJob(daemon, jobId, { name: shownName(input), transcript });
    };
  } finally {
    show(() => progress.stop());
  }
}
