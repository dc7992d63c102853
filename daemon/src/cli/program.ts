import { Command, Option } from 'commander';
import { addDaemonCommands } from './daemon-commands.ts';
import { exitCodes } from './exit-codes.ts';
import { addMacCommands } from './mac-commands.ts';
import { type OutputFormat, outputFormats } from './output/plan-output.ts';
import { ownVersion } from './own-version.ts';
import { addServiceCommands } from './service-commands.ts';
import { say } from './terminal/print.ts';
import { addTranscriptionOptions, givenTranscriptionOptions } from './transcription-flags.ts';
import { helpLayout } from './usage/help-layout.ts';

interface TranscribeValues {
  readonly format?: OutputFormat;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly detach?: boolean;
  readonly timings?: boolean;
}

const transcribeHelp = `
Examples:
  hearth transcribe talk.mp3
  hearth transcribe *.m4a --format srt --output subtitles/
  ffmpeg -i film.mkv -f wav - | hearth transcribe - --language de > film.txt

Exit codes: ${exitCodes.ok} all transcribed, ${exitCodes.failed} a file failed, ${exitCodes.usage} wrong use,
  ${exitCodes.daemonUnreachable} no daemon, ${exitCodes.cancelled} cancelled, ${exitCodes.brokenPipe} reader went away`;

/** The command line. What a command does is loaded when it runs, so that each starts quickly. */
export function createProgram(): Command {
  const program = new Command('hearth')
    .description('Speech to text that is always warm, on this machine alone.')
    .version(ownVersion())
    .configureHelp(helpLayout)
    // What is wrong is said once, with what was likely meant: see describeUsageError.
    .configureOutput({ writeErr: (text) => say(text.trimEnd()), outputError: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride();
  addTranscribe(program);
  addServe(program);
  addStatus(program);
  addStop(program);
  addDaemonCommands(program);
  addServiceCommands(program);
  addMacCommands(program);
  return program;
}

function addTranscribe(program: Command): void {
  const transcribe = program
    .command('transcribe')
    .summary('transcribe audio and video files')
    .description('Transcribes audio and video files. Text goes to standard output, everything else to standard error.')
    .argument('<file...>', 'recordings of any format, or - for standard input')
    .optionsGroup('Common options:')
    .addOption(
      new Option('-f, --format <name>', 'What to write (default: by the ending of --output, else txt).')
        .choices(outputFormats)
        .conflicts('detach'),
    )
    .addOption(
      new Option(
        '-o, --output <path>',
        'A file, a folder for one file per recording, or - for standard output.',
      ).conflicts('detach'),
    )
    .option('-q, --quiet', 'No progress and no warnings.')
    .option('--detach', 'Hand the recordings over, print the ids of their jobs and do not wait.')
    .helpOption('-h, --help', 'Show this help.');
  addTranscriptionOptions(transcribe);
  transcribe
    .addOption(
      new Option('--timings', 'Show on standard error where the time of each recording went.')
        .conflicts('detach')
        .helpGroup('Decoding:'),
    )
    .addHelpText('after', transcribeHelp);
  transcribe.action(async (inputs: string[], { format, output, quiet, detach, timings }: TranscribeValues) => {
    const { runTranscribe } = await import('./run-transcribe.ts');
    const options = givenTranscriptionOptions(transcribe);
    process.exitCode = await runTranscribe({ inputs, options, format, output, quiet, detach, timings });
  });
}

function addServe(program: Command): void {
  program
    .command('serve')
    .summary('run the daemon in the foreground')
    .description(
      'Runs the daemon in the foreground, until Ctrl-C. Other commands start one in the background when they need it.',
    )
    .action(async () => {
      await import('../server/main.ts');
    });
}

function addStatus(program: Command): void {
  program
    .command('status')
    .summary("show the daemon's status")
    .description(`Shows the daemon's status. The exit code is ${exitCodes.daemonUnreachable} if no daemon is running.`)
    .option('--json', 'print the answers of the daemon')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { runStatus } = await import('./run-status.ts');
      process.exitCode = await runStatus({ json });
    });
}

function addStop(program: Command): void {
  program
    .command('stop')
    .summary('stop the daemon')
    .description('Stops the daemon. A job that is running may still finish.')
    .action(async () => {
      const { runStop } = await import('./run-stop.ts');
      process.exitCode = await runStop();
    });
}
