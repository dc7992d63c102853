import { connectOrStart } from '../client/connect-or-start.ts';
import type { TranscriptionOptions } from '../options/transcription-options.ts';
import { daemonLocation } from './daemon-location.ts';
import type { ExitCode } from './exit-codes.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { type OutputFormat, planOutput } from './output-plan.ts';
import { type Progress, silentProgress } from './progress.ts';
import { transcribeFiles } from './transcribe-files.ts';

export interface TranscribeArguments {
  readonly inputs: readonly string[];
  readonly options: TranscriptionOptions;
  readonly format: OutputFormat | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
}

/** `hearth transcribe`: starts the daemon when none runs, then transcribes. Answers with the exit code. */
export async function runTranscribe({ quiet = false, options, ...request }: TranscribeArguments): Promise<ExitCode> {
  const plan = planOutput(request);
  const signal = interruptSignal();
  const location = daemonLocation();
  await connectOrStart({ ...location, signal }, async (request) => {
    const { startServiceOrDaemon } = await import('./start-service-or-daemon.ts');
    await startServiceOrDaemon(request);
  });
  return transcribeFiles({
    ...{ inputs: request.inputs, options, plan, signal, quiet },
    socketPath: location.socketPath,
    progress: process.stderr.isTTY && !quiet ? await terminalProgress() : silentProgress,
    live: process.stdout.isTTY ?? false,
    print: (text) => void process.stdout.write(text),
    complain: (line) => void process.stderr.write(`hearth: ${line}\n`),
  });
}

async function terminalProgress(): Promise<Progress> {
  const { createTerminalProgress } = await import('./terminal-progress.ts');
  return createTerminalProgress(process.stderr);
}
