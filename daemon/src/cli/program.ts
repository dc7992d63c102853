import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { ownVersion } from '../settings/own-version.ts';
import { log } from './terminal/print.ts';
import { helpLayout } from './usage/help-layout.ts';

interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: (command: Command) => void }>;
}

/** In the order of `hearth --help`. */
const commands: Readonly<Record<string, CommandEntry>> = {
  transcribe: { summary: 'transcribe audio and video files', load: () => import('./commands/transcribe.ts') },
  dictate: { summary: 'record the microphone and write what is said', load: () => import('./commands/dictate.ts') },
  jobs: { summary: 'list, follow and cancel jobs', load: () => import('./commands/jobs.ts') },
  history: {
    summary: 'search, show and delete past transcripts',
    load: () => import('./commands/history.ts'),
  },
  export: { summary: 'write past transcripts to a folder', load: () => import('./commands/export.ts') },
  words: { summary: 'list, add, remove and import words to replace', load: () => import('./commands/words.ts') },
  watch: { summary: 'transcribe new recordings in folders', load: () => import('./commands/watch.ts') },
  models: { summary: 'list, pull, load and delete models', load: () => import('./commands/models.ts') },
  ps: { summary: 'list the models in memory', load: () => import('./commands/ps.ts') },
  mcp: { summary: 'serve assistants over the Model Context Protocol', load: () => import('./commands/mcp.ts') },
  status: { summary: "show the daemon's status", load: () => import('./commands/status.ts') },
  logs: { summary: "show the daemon's log", load: () => import('./commands/logs.ts') },
  doctor: { summary: 'check the installation', load: () => import('./commands/doctor.ts') },
  bugreport: { summary: 'pack what helps to find a fault', load: () => import('./commands/bugreport.ts') },
  start: { summary: 'start the daemon', load: () => import('./commands/start.ts') },
  stop: { summary: 'stop the daemon', load: () => import('./commands/stop.ts') },
  restart: { summary: 'stop the daemon and start it again', load: () => import('./commands/restart.ts') },
  serve: { summary: 'run the daemon in the foreground', load: () => import('./commands/serve.ts') },
  install: { summary: 'start the daemon at every login', load: () => import('./commands/install.ts') },
  uninstall: { summary: 'no longer start the daemon at login', load: () => import('./commands/uninstall.ts') },
  shortcuts: {
    summary: 'add Hearth to the Shortcuts app (macOS)',
    load: () => import('./commands/shortcuts.ts'),
  },
  finder: { summary: "add Hearth to Finder's Quick Actions (macOS)", load: () => import('./commands/finder.ts') },
  completion: { summary: 'print the completions for a shell', load: () => import('./commands/completion.ts') },
};

export const commandNames: readonly string[] = Object.keys(commands);

/** The command line with the options and actions of the commands that `words` name: each start loads only what it runs. */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('hearth')
    .description('Local speech to text that is always warm.')
    .version(ownVersion(), '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp(helpLayout)
    // Errors are printed once, with what was likely meant: see describeUsageError.
    .configureOutput({ writeErr: (text) => log(text.trimEnd()), outputError: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride();
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = program.command(name).summary(summary);
    // The completions tell of all commands.
    if (words.includes(name) || words[0] === 'completion') (await load()).define(command);
  }
  return program;
}

/** `hearth talk.mp3` is `hearth transcribe talk.mp3`: a first word that is not a command and looks like a file is one. */
export function withCommandOfFile(given: readonly string[]): readonly string[] {
  const [first = ''] = given;
  const isCommand = first === 'help' || commandNames.includes(first);
  if (isCommand || first === '' || (first.startsWith('-') && first !== '-')) return given;
  return first === '-' || /[./]/.test(first) || existsSync(first) ? ['transcribe', ...given] : given;
}
