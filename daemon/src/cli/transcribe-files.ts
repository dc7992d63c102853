import { transcribe } from '../client/transcribe.ts';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { eachRecording } from './each-recording.ts';
import type { ExitCode } from './exit-codes.ts';
import { openRecording } from './open-recording.ts';
import type { OutputPlan } from './output-plan.ts';
import { type Progress, silentProgress } from './progress.ts';
import { recordingName } from './recording-name.ts';
import { createTranscriptSink } from './transcript-sink.ts';
import { watchModelLoading } from './watch-model-loading.ts';

export interface TranscribeFilesRequest {
  readonly socketPath: string;
  readonly inputs: readonly string[];
  readonly options: TranscriptionOptions;
  readonly plan: OutputPlan;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Leave out warnings. */
  readonly quiet: boolean;
  /** Print text while it is decoded. */
  readonly live: boolean;
  readonly print: (text: string) => void;
  readonly complain: (line: string) => void;
  /** Hears of every recording that is transcribed; what it prints does not touch the progress bar. */
  readonly onTranscript?: (input: string, transcript: WireTranscript) => void;
  /** Hears which version of Hearth answers. */
  readonly onVersion: (version: string) => void;
}

/** Transcribes one input after the other; see `eachRecording` for what happens when one fails. */
export async function transcribeFiles(request: TranscribeFilesRequest): Promise<ExitCode> {
  return eachRecording(request, (input) => transcribeFile(input, request));
}

async function transcribeFile(input: string, request: TranscribeFilesRequest): Promise<void> {
  const { socketPath, inputs, options, plan, progress, signal, live, complain, onVersion } = request;
  const sink = createTranscriptSink({
    format: plan.format,
    path: plan.pathFor(input),
    heading: inputs.length > 1 ? input : null,
    live,
    layout: options,
    print: (text) => progress.around(() => request.print(text)),
  });
  const { audio, byteCount } = await openRecording(input);
  progress.start(input);
  const started = new AbortController();
  if (progress !== silentProgress) {
    void watchModelLoading({
      socketPath,
      signal: started.signal,
      onLoading: (share) => progress.wait('loading the model', share),
    });
  }
  try {
    const transcript = await transcribe({
      ...{ socketPath, audio, byteCount, options, signal, name: recordingName(input), onVersion },
      onEvent: (event) => {
        if (event.type === 'job-started') started.abort();
        progress.follow(event);
        sink.follow(event);
      },
    });
    await sink.finish(transcript);
    progress.around(() => request.onTranscript?.(input, transcript));
    if (request.quiet) return;
    for (const warning of transcript.warnings) progress.around(() => complain(`${input}: ${warning}`));
  } finally {
    started.abort();
    progress.stop();
  }
}
