import { connectOrStart } from '../client/connect-or-start.ts';
import type { WireTranscript } from '../messages/wire-transcript.ts';
import { normalizeOptions } from '../protocol/options/normalize-options.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';
import { checkInputs } from './check-inputs.ts';
import { complainOfAnotherVersion } from './complain-of-another-version.ts';
import { daemonLocation } from './daemon-location.ts';
import { errorSentence } from './error-sentence.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { checkOutputs, refuseRecordings } from './output/check-outputs.ts';
import { type OutputFormat, type OutputPlan, planOutput } from './output/plan-output.ts';
import { type Progress, silentProgress } from './progress.ts';
import { complain, printText, say } from './terminal/print.ts';
import { canDraw } from './terminal/status-line.ts';
import { transcribeFiles } from './transcribe-files.ts';

export interface TranscribeArguments {
  readonly inputs: readonly string[];
  readonly options: TranscriptionOptions;
  readonly format: OutputFormat | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
  /** Hand the recordings over and do not wait. */
  readonly detach: boolean | undefined;
  /** Tell where the time of each recording went. */
  readonly timings: boolean | undefined;
}

/** `hearth transcribe`: starts the daemon when none runs, then transcribes. Answers with the exit code. */
export async function runTranscribe({ quiet = false, options, ...request }: TranscribeArguments): Promise<ExitCode> {
  const plan = prepare(request, options);
  if (plan === null) return exitCodes.usage;
  const signal = interruptSignal();
  const location = daemonLocation();
  await connectOrStart({ ...location, signal }, async (request) => {
    const { startServiceOrDaemon } = await import('./start-service-or-daemon.ts');
    await startServiceOrDaemon(request);
  });
  const common = {
    ...{ inputs: request.inputs, options, signal, socketPath: location.socketPath },
    print: printText,
    complain,
    ...(!quiet && { onSummary: say }),
  };
  if (request.detach) {
    const { submitFiles } = await import('./submit-files.ts');
    return submitFiles({ ...common, withNames: process.stdout.isTTY ?? false });
  }
  return transcribeFiles({
    ...{ ...common, plan, quiet },
    onVersion: quiet ? () => undefined : complainOfAnotherVersion(common.complain),
    progress: canDraw(process.stderr) && !quiet ? await terminalProgress() : silentProgress,
    live: process.stdout.isTTY ?? false,
    ...(request.timings && { onTranscript: await timingsPrinter() }),
  });
}

/** Checks all that can be known before anything is sent, and tells what is wrong; null then. */
function prepare(
  request: Pick<TranscribeArguments, 'inputs' | 'format' | 'output'>,
  options: TranscriptionOptions,
): OutputPlan | null {
  const problems: unknown[] = [...checkInputs(request.inputs)];
  try {
    normalizeOptions(options);
    if (problems.length === 0) refuseRecordings(request.output, request.inputs);
    const plan = planOutput(request);
    if (problems.length === 0) checkOutputs(plan, request.inputs);
    if (problems.length === 0) return plan;
  } catch (error) {
    problems.push(error);
  }
  for (const problem of problems) complain(errorSentence(problem));
  return null;
}

async function terminalProgress(): Promise<Progress> {
  const { createTerminalProgress } = await import('./terminal/terminal-progress.ts');
  return createTerminalProgress(process.stderr);
}

async function timingsPrinter() {
  const { timingsTable } = await import('./timings-table.ts');
  return (input: string, transcript: WireTranscript) => say(timingsTable(input, transcript));
}
