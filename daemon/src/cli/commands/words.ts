import type { Command } from 'commander';
import { addToDictionary, addWords, clearWords, listWords, removeWords } from '../../client/words.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { readLanguage } from '../../languages/read-language.ts';
import type { WordList } from '../../protocol/words.ts';
import { exitCodes } from '../exit-codes.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { log, printJson, printText, warn } from '../terminal/print.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';
import { refuseOperands, requireText } from '../usage/argument-checks.ts';

interface AddOptions {
  readonly soundsLike?: readonly string[];
  readonly language?: string;
}

/** `hearth words`, and `add`, `remove` and `import` below it. */
export function define(words: Command): void {
  words
    .description(
      'Lists your dictionary, the names and terms that every transcription uses, and what is written for what you say in dictated text and with --replace-words.',
    )
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('--json', 'Print the lists as JSON, which `hearth words import` reads.')
    .action(async ({ json = false }: { json?: boolean }, command: Command) => {
      refuseOperands(command);
      await list(json);
    });
  words
    .command('add')
    .summary('add or change an entry')
    .description(
      'Adds a name or term to the dictionary: hearth words add Kubernetes --sounds-like "cooper netties". Or writes something else for what you say: hearth words add "at sign" @',
    )
    .argument('<say>', 'a name or term as it is written; or the words as you say them', requireText)
    .argument('[write]', 'what is written instead; \\n is a line break, and nothing ("") leaves the words out')
    .option(
      '--sounds-like <text>',
      'What is written when it is mis-heard; can be given several times. The name is always written for it.',
      (text: string, before: readonly string[] = []) => [...before, requireText(text).trim()],
    )
    .option('--language <language>', 'The only language it is used in.')
    .action(add);
  words
    .command('remove')
    .alias('delete')
    .summary('remove entries')
    .description('Removes entries from the lists.')
    .argument('[say...]', 'the words that entries are for')
    .option('--all', 'Remove all entries.')
    .action(async (said: string[], { all = false }: { all?: boolean }) => remove(said, all));
  words
    .command('import')
    .summary('add the entries of a file')
    .description(
      'Adds the entries of a file to the lists. It is JSON as `hearth words --json` prints it, or has a line for each entry: what you say, a tab or "=", what is written. With --dictionary: a name or term, and after a tab or "=" what it sounds like, with commas.',
    )
    .argument('<file>', 'the file, or - for standard input', requireText)
    .option('--dictionary', 'The lines are names and terms.')
    .action(importFile);
}

async function add(given: string, write: string | undefined, { soundsLike, language }: AddOptions): Promise<void> {
  const word = given.trim();
  if (write === undefined) {
    const code = language === undefined ? undefined : readLanguage(language);
    const entry = {
      word,
      ...(soundsLike !== undefined && { soundsLike }),
      ...(code !== undefined && { language: code }),
    };
    await addToDictionary(await reachDaemon(), [entry]);
    return log(`"${visibleText(word)}" is in the dictionary.`);
  }
  if (soundsLike !== undefined || language !== undefined) {
    const name = soundsLike === undefined ? '--language' : '--sounds-like';
    throw new HearthError('OPTION_INVALID', `Expected a name or term with ${name}, got words and what is written.`, {
      hint: `Leave out ${JSON.stringify(write)}, or ${name}.`,
    });
  }
  await addWords(await reachDaemon(), [{ say: word, write: write.replaceAll('\\n', '\n') }]);
  log(`"${visibleText(word)}" is written as "${visibleText(write)}".`);
}

async function list(json: boolean): Promise<void> {
  const { words, dictionary, problems } = await listWords(await reachDaemon());
  for (const problem of problems) warn(problem);
  if (json) return printJson({ words, dictionary });
  if (words.length + dictionary.length === 0) {
    return log('No words. `hearth words add Kubernetes` adds a name, `hearth words add "at sign" @` a replacement.');
  }
  printText([dictionaryTable(dictionary), replacementTable(words)].filter((table) => table !== '').join('\n'));
}

function dictionaryTable(dictionary: WordList['dictionary']): string {
  if (dictionary.length === 0) return '';
  const rows = dictionary.map(({ word, soundsLike = [], language = '' }) =>
    [word, soundsLike.join(', '), language].map(visibleText),
  );
  return textTable({ header: ['WORD', 'SOUNDS LIKE', 'LANGUAGE'], rows, columns: outputColumns() });
}

function replacementTable(words: WordList['words']): string {
  if (words.length === 0) return '';
  const rows = words.map(({ say, write }) => [visibleText(say), visibleText(write)]);
  return textTable({ header: ['SAY', 'WRITE'], rows, columns: outputColumns() });
}

async function remove(said: readonly string[], all: boolean): Promise<void> {
  if (all === said.length > 0) {
    throw new HearthError('OPTION_INVALID', `Expected words or --all, got ${all ? 'both' : 'neither'}.`, {
      hint: 'See `hearth words` for the entries.',
    });
  }
  const daemon = await reachDaemon();
  let count = all ? await clearWords(daemon) : 0;
  for (const each of said) count += await removeFromBoth(daemon, each);
  log(`${count} ${count === 1 ? 'entry' : 'entries'} removed.`);
}

/** How many there were. @throws `WORD_NOT_FOUND` if no list has the words */
async function removeFromBoth(daemon: Awaited<ReturnType<typeof reachDaemon>>, words: string): Promise<number> {
  const wasReplacement = await removeWords(daemon, { say: words }).then(() => true, unlessMissing);
  const wasInDictionary = await removeWords(daemon, { word: words }).then(
    () => true,
    (error) => wasReplacement && unlessMissing(error),
  );
  if (!wasReplacement && !wasInDictionary) await removeWords(daemon, { say: words });
  return Number(wasReplacement) + Number(wasInDictionary);
}

function unlessMissing(error: unknown): false {
  if ((error as HearthError).code === 'WORD_NOT_FOUND') return false;
  throw error;
}

/** Adds what is right in the file; what is not costs the exit code. */
async function importFile(path: string, { dictionary: isDictionary = false }: { dictionary?: boolean }): Promise<void> {
  const { readWordsFile } = await import('../read-words-file.ts');
  const { words, dictionary, problems } = await readWordsFile(path, { isDictionary });
  const count = words.length + dictionary.length;
  if (words.length > 0) await addWords(await reachDaemon(), words);
  if (dictionary.length > 0) await addToDictionary(await reachDaemon(), dictionary);
  for (const problem of problems) warn(problem);
  log(`${count} ${count === 1 ? 'entry' : 'entries'} added or changed.`);
  if (problems.length > 0 || count === 0) process.exitCode = exitCodes.failed;
}
