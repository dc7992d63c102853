import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Command, CommanderError } from 'commander';
import { commandNames, createProgram, withCommandOfFile } from '../../../../daemon/src/cli/program.ts';
import { describeUsageError } from '../../../../daemon/src/cli/usage/describe-usage-error.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-usage-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function complaintOf(...given: readonly string[]): Promise<string> {
  const program = await createProgram(given);
  try {
    await program.parseAsync(given, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return describeUsageError(error, program, given);
    throw error;
  }
  throw new Error('Nothing was wrong.');
}

test.each([
  [['transcribe', '--lang', 'de', 'a'], '--language'],
  [['transcribe', '-l', 'de', 'a'], '--language'],
  [['transcribe', '-m', 'base', 'a'], '--model'],
  [['transcribe', '--prompt', 'Raycast', 'a'], '--initial-prompt'],
  [['transcribe', '--translate', 'a'], '--task translate'],
  [['transcribe', '--word_timestamps', 'a'], '--word-timestamps'],
  [['transcribe', '--output_format', 'srt', 'a'], '--format'],
  [['transcribe', '--langauge', 'de', 'a'], '--language'],
  [['transcribe', '--audio_track', '2', 'a'], '--track'],
  [['--language', 'de', 'a'], '`hearth transcribe --language`'],
  [['jobs', 'show', 'x'], '`hearth jobs follow`'],
  [['jobs', 'list'], '`hearth jobs --all`'],
  [['models', 'rm', 'x'], '`hearth models delete`'],
  [['histroy'], '`hearth history`'],
  [['jobs', '--al'], '--all'],
])('of %j it is told that %s was likely meant', async (given, meant) => {
  expect(await complaintOf(...given)).toMatch(/^unknown (option|command) '[^']+'\. Did you mean /);
  expect(await complaintOf(...given)).toContain(`Did you mean ${meant}?`);
});

test('what nobody could mean has no hint', async () => {
  expect(await complaintOf('transcribe', '--colour', 'a')).toBe("unknown option '--colour'.");
  expect(await complaintOf('nonsense')).toBe("unknown command 'nonsense'.");
  expect(await complaintOf('transcribe')).toBe("missing required argument 'file'.");
});

test('a file without a command is transcribed', () => {
  const file = join(folder, 'talk');
  writeFileSync(file, '');
  for (const given of [['talk.mp3'], [file, '--language', 'de'], ['-'], ['./-odd-']]) {
    expect(withCommandOfFile(given)).toEqual(['transcribe', ...given]);
  }
  for (const given of [['jobs'], ['help'], ['--help'], ['nonsense'], [''], []]) {
    expect(withCommandOfFile(given)).toEqual(given);
  }
});

function helpOf(command: Command, columns: number): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => columns,
  });
  command.outputHelp();
  return help;
}

test('help fits a window of 80 columns, breaks between words and shows the common options first', async () => {
  const program = await createProgram(commandNames);
  const commands = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  for (const command of commands) {
    const lines = helpOf(command, 80).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
  const help = helpOf(commands.find((command) => command.name() === 'transcribe') as Command, 80);
  const order = ['--format', '--output', '--language', '--task', '--model', '--vad-threshold', '--beam-size'];
  const places = order.map((flag) => help.indexOf(`${flag} <`));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((left, right) => left - right));
  expect(help).toMatch(/--no-vad +Do not skip silence, noise and music\.\n/);
  // A line that goes on stands under its description.
  expect(help).toMatch(/^ {2}--hotwords <text> +Names [^\n]*\n {28}\w/m);
});
