import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillerWords } from '../daemon/src/clean-up/filler-words.ts';
import { spokenPunctuation } from '../daemon/src/clean-up/spoken-punctuation.ts';
import { errorCodes } from '../daemon/src/errors/error-codes.ts';
import { nameOf as nameOfLanguage } from '../daemon/src/languages/read-language.ts';
import { answerOptionTable } from '../daemon/src/protocol/options/answer-option-table.ts';
import { flagOf } from '../daemon/src/protocol/options/as-flags.ts';
import { optionTable } from '../daemon/src/protocol/options/option-table.ts';
import { warningCodes } from '../daemon/src/protocol/warning-codes.ts';
import { embeddedModelName } from '../daemon/src/settings/default-model.ts';
import { variableName } from '../daemon/src/settings/read-settings.ts';
import { SettingsSchema } from '../daemon/src/settings/settings-schema.ts';
import { rootFolder } from '../setup/folders.mjs';

export const pagesWithTables = [
  'docs/decoding.md',
  'docs/errors.md',
  'docs/options.md',
  'docs/settings.md',
  'docs/words.md',
];

const tables = {
  options: () => describeOptions(optionTable),
  'answer options': () => describeOptions(answerOptionTable),
  errors: describeErrors,
  settings: describeSettings,
  'warning codes': describeWarnings,
  'spoken signs': describeSpokenSigns,
};

/** A page with the code's tables between `<!-- begin: name -->` and `<!-- end: name -->`. */
export function withTables(page) {
  return page.replace(/(<!-- begin: (.+) -->\n).*?(<!-- end: \2 -->)/gs, (_, begin, name, end) => {
    return `${begin}\n${tables[name]()}\n${end}`;
  });
}

const namesOfBreaks = { '\n': 'new line', '\n\n': 'new paragraph' };

/** A table for each language. */
function describeSpokenSigns() {
  return Object.entries(spokenPunctuation)
    .map(([code, { mark, opening, closing, joining, break: breaks }]) => {
      const signs = { ...mark, ...opening, ...closing, ...joining, ...breaks };
      const rows = Object.entries(signs).map(([sign, said]) => `| ${shownSign(sign)} | ${said.join(', ')} |\n`);
      const fillers = `| nothing | ${(fillerWords[code] ?? []).join(', ')} |\n`;
      return `### ${nameOfLanguage(code)}\n\n| written | said |\n|---|---|\n${rows.join('')}${fillers}`;
    })
    .join('\n');
}

function shownSign(sign) {
  const { [sign]: name = `\`${sign.trim()}\`${sign.endsWith('\n') ? ' and a new line' : ''}` } = namesOfBreaks;
  return name;
}

/** A table for each group of options. */
function describeOptions(table) {
  const groups = Map.groupBy(Object.entries(table), ([, { group }]) => group);
  return [...groups].map(([group, options]) => `### ${group}\n\n${tableOf(options)}`).join('\n');
}

function tableOf(options) {
  const rows = options.map(([name, option]) => {
    const cells = [nameOf(name, option), valuesOf(option), defaultOf(option), option.description];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  return `| option | values | default | what it does |\n|---|---|---|---|\n${rows.join('')}`;
}

/** The flag is shown beside an option if it is not the option's name with dashes. */
function nameOf(name, { flag }) {
  return typeof flag === 'string' ? `\`${name}\`, \`${flagOf(name)}\`` : `\`${name}\``;
}

function valuesOf(option) {
  const list = option.kind.endsWith('-list') ? 'list of ' : '';
  if (option.kind === 'boolean') return 'on, off';
  if (option.kind === 'choice') return option.choices.map((choice) => `\`${choice}\``).join(', ');
  if (option.kind.startsWith('string')) return list === '' ? 'text' : 'list of texts';
  const noun = option.kind.startsWith('integer') ? 'whole number' : 'number';
  return `${list}${noun}${list === '' ? '' : 's'}${rangeOf(option)}`;
}

function rangeOf({ minimum, exclusiveMinimum, maximum }) {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  const least = exclusiveMinimum === undefined ? minimum : `more than ${exclusiveMinimum}`;
  if (maximum === undefined) return exclusiveMinimum === undefined ? `, ${least} or more` : `, ${least}`;
  return least === undefined ? `, ${maximum} or less` : `, ${least}, ${maximum} at most`;
}

function defaultOf({ kind, default: value, otherwise }) {
  if (otherwise !== undefined) return otherwise;
  if (kind === 'boolean') return value ? 'on' : 'off';
  return String(value) === '' ? 'none' : `\`${[value].flat().join(', ')}\``;
}

function describeErrors() {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, meaning, hint }]) => `| \`${code}\` | ${status} | ${meaning} | ${hint} |\n`,
  );
  return `| code | status | what happened | what to do |\n|---|---|---|---|\n${rows.join('')}`;
}

function describeSettings() {
  const rows = Object.entries(SettingsSchema.properties).map(([name, { default: value, description }]) => {
    // The default for a Mac is in the text of the page.
    const shown = name === 'model' ? embeddedModelName : value;
    return `| \`${name}\` | \`${variableName(name)}\` | ${String(shown) === '' ? '' : `\`${shown}\``} | ${description} |\n`;
  });
  return `| setting | variable | default | what it does |\n|---|---|---|---|\n${rows.join('')}`;
}

function describeWarnings() {
  const rows = Object.entries(warningCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |\n`);
  return `| code | meaning |\n|---|---|\n${rows.join('')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of pagesWithTables) {
    const path = join(rootFolder, name);
    writeFileSync(path, withTables(readFileSync(path, 'utf8')));
  }
}
