import { transcribe } from '../client/transcriptions.ts';
import { visibleText } from '../errors/visible-text.ts';
import { noSpeechSentence } from '../messages/no-speech.ts';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { eachRecording, refusalOf } from './each-recording.ts';
import type { ExitCode } from './exit-codes.ts';
import { openRecording } from './open-recording.ts';
import type { OutputPlan } from './output/plan-output.ts';
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
  /** Hears at the end of several what became of them. */
  readonly onSummary?: (summary: string) => void;
  /** Hears which version of Hearth answers. */
  readonly onVersion: (version: string) => void;
}

/** Transcribes one input after the other; see `eachRecording` for what happens when one fails. */
export async function transcribeFiles(request: TranscribeFilesRequest): Promise<ExitCode> {
  return eachRecording(request, (input) => transcribeFile(input, request));
}

async function transcribeFile(input: string, request: TranscribeFilesRequest): Promise<void> {
  const { socketPath, inputs, options, plan, progress, signal, live, complain, onVersion } = request;
  const shownName = input === '-' ? 'standard input' : visibleText(input);
  const sink = createTranscriptSink({
    format: plan.format,
    path: plan.pathFor(input),
    heading: inputs.length > 1 ? visibleText(input) : null,
    live,
    layout: options,
    signal,
    print: (text) => progress.around(() => request.print(text)),
  });
  const { audio, byteCount } = await openRecording(input);
  progress.start(input);
  const started = new AbortController();
  let isAccepted = false;
  if (progress !== silentProgress) {
    void watchModelLoading({
      socketPath,
      signal: started.signal,
      onLoading: (share) => progress.wait('loading the model', share),
    });
  }
  try {
    const transcript = await transcribe(
      { socketPath, signal, onVersion },
      {
        audio,
        byteCount,
        options,
        name: recordingName(input),
        onEvent: (event) => {
          isAccepted = true;
          if (event.type === 'job-started') started.abort();
          progress.follow(event);
          sink.follow(event);
        },
      },
    ).catch((error) => {
      throw isAccepted ? error : refusalOf(error);
    });
    await sink.finish(transcript);
    progress.around(() => request.onTranscript?.(input, transcript));
    if (request.quiet) return;
    if (transcript.text.trim() === '') progress.around(() => complain(`${shownName}: no speech found`));
    const others = transcript.warnings.filter((warning) => warning !== noSpeechSentence);
    for (const warning of others) progress.around(() => complain(`${shownName}: ${warning}`));
  } finally {
    started.abort();
    progress.stop();
  }
}
