import { applyEdits, type FormattingOptions, modify, type ParseError, parse } from 'jsonc-parser';
import { HearthError } from '../../errors/hearth-error.ts';
import { isShallow, mostLevels } from '../../errors/is-shallow.ts';

export interface ServerEntry {
  readonly type?: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface EditRequest {
  /** The file's text; empty for a new file. Comments and trailing commas are allowed. */
  readonly text: string;
  readonly file: string;
  readonly listKey: string;
}

const serverName = 'hearth';
const tooDeep = Symbol('too deep');

/**
 * The text of a list of MCP servers with Hearth in it. All else stays as it is, comments included; an entry that is there
 * keeps what it has beside our keys.
 * @throws `OUTPUT_NOT_WRITABLE` for a file that is not such a list
 */
export function withServer(request: EditRequest, entry: ServerEntry): string {
  const servers = readServers(request);
  const known = servers?.[serverName];
  const path = [request.listKey, serverName];
  if (!isObject(known)) return edit(request.text, path, entry);
  return Object.entries(entry)
    .filter(([key, value]) => JSON.stringify(known[key]) !== JSON.stringify(value))
    .reduce((text, [key, value]) => edit(text, [...path, key], value), request.text);
}

/** The same without Hearth. */
export function withoutServer(request: EditRequest): string {
  const servers = readServers(request);
  return servers?.[serverName] === undefined
    ? request.text
    : edit(request.text, [request.listKey, serverName], undefined);
}

function readServers({ text, file, listKey }: EditRequest): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return undefined;
  const errors: ParseError[] = [];
  const content = parsed(text, errors);
  if (content === tooDeep || !isShallow(content)) {
    throw refusal(`Expected JSON of at most ${mostLevels} levels in ${file}, got more.`);
  }
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw refusal(`Expected JSON in ${file}, got something else at line ${line}.`);
  }
  if (!isObject(content)) throw refusal(`Expected a JSON object in ${file}, got another value.`);
  const servers = content[listKey];
  if (servers === undefined || isObject(servers)) return servers;
  throw refusal(`Expected \`${listKey}\` in ${file} to be an object, got another value.`);
}

/** The parser calls itself for each level, so that very many overflow its stack. */
function parsed(text: string, errors: ParseError[]): unknown {
  try {
    return parse(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if ((error as Error).name !== 'RangeError') throw error;
    return tooDeep;
  }
}

function edit(text: string, path: readonly string[], value: unknown): string {
  const edits = modify(text.trim() === '' ? '{}' : text, [...path], value, { formattingOptions: formattingOf(text) });
  const edited = applyEdits(text.trim() === '' ? '{}' : text, edits);
  return text.trim() === '' ? `${edited}\n` : edited;
}

/** As the file is written. */
function formattingOf(text: string): FormattingOptions {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(message: string): HearthError {
  return new HearthError('OUTPUT_NOT_WRITABLE', message, {
    hint: 'Correct the file, or add the entry by hand: `--print` shows it.',
  });
}
