import type { Command } from 'commander';
import { addWords, clearWords, listWords, removeWords } from '../../client/words.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { log, printJson, printText, warn } from '../terminal/print.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { refuseOperands, requireText } from '../usage/argument-checks.ts';

/** `hearth words`, and `add`, `remove` and `import` below it. */
export function define(words: Command): void {
  words
    .description('Lists what you say and what is written for it, in dictated text and with --replace-words.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('--json', 'Print the list as JSON, which `hearth words import` reads.')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      refuseOperands(command);
      await list(json);
    });
  words
    .command('add')
    .summary('add or change an entry')
    .description('Writes something else for what you say: hearth words add "at sign" @')
    .argument('<say>', 'the words as you say them', requireText)
    .argument('<write>', 'what is written instead; \\n is a line break, and nothing ("") leaves the words out')
    .action(async (say: string, write: string) => {
      await addWords(await reachDaemon(), [{ say: say.trim(), write: write.replaceAll('\\n', '\n') }]);
      log(`"${visibleText(say.trim())}" is written as "${visibleText(write)}".`);
    });
  words
    .command('remove')
    .alias('delete')
    .summary('remove entries')
    .description('Removes entries from the list.')
    .argument('[say...]', 'the words that entries are for')
    .option('--all', 'Remove all entries.')
    .action(async (said: string[], { all = false }: { all?: boolean }) => remove(said, all));
  words
    .command('import')
    .summary('add the entries of a file')
    .description(
      'Adds the entries of a file to the list. It is JSON as `hearth words --json` prints it, or has a line for each entry: what you say, a tab or "=", what is written.',
    )
    .argument('<file>', 'the file, or - for standard input', requireText)
    .action(importFile);
}

async function list(json: boolean): Promise<void> {
  const { words, problems } = await listWords(await reachDaemon());
  for (const problem of problems) warn(problem);
  if (json) return printJson({ words });
  if (words.length === 0) return log('No words. `hearth words add "at sign" @` adds some.');
  const rows = words.map(({ say, write }) => [visibleText(say), visibleText(write)]);
  printText(textTable({ header: ['SAY', 'WRITE'], rows, columns: outputColumns() }));
}

async function remove(said: readonly string[], all: boolean): Promise<void> {
  if (all === said.length > 0) {
    throw new HearthError('OPTION_INVALID', `Expected words or --all, got ${all ? 'both' : 'neither'}.`, {
      hint: 'See `hearth words` for the entries.',
    });
  }
  const daemon = await reachDaemon();
  for (const say of said) await removeWords(daemon, say);
  const count = all ? await clearWords(daemon) : said.length;
  log(`${count} ${count === 1 ? 'entry' : 'entries'} removed.`);
}

/** Adds what is right in the file; what is not costs the exit code. */
async function importFile(path: string): Promise<void> {
  const { readWordsFile } = await import('../read-words-file.ts');
  const { words, problems } = await readWordsFile(path);
  if (words.length > 0) await addWords(await reachDaemon(), words);
  for (const problem of problems) warn(problem);
  log(`${words.length} ${words.length === 1 ? 'entry' : 'entries'} added or changed.`);
  if (problems.length > 0 || words.length === 0) process.exitCode = exitCodes.failed;
}
