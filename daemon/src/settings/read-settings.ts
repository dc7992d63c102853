import { lstatSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { closestMatch } from 'leven';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import { isShallow, mostLevels } from '../errors/is-shallow.ts';
import { shorten } from '../errors/shorten.ts';
import { systemReason } from '../errors/system-reason.ts';
import { readGivenFile, readGivenFileNow } from './read-given-file.ts';
import { type Settings, SettingsSchema } from './settings-schema.ts';

const { properties } = SettingsSchema;
const mostBytes = 1024 * 1024;
/** An endpoint and a proxy may contain a password. */
const secrets: readonly (keyof Settings)[] = ['token', 'hubEndpoint', 'proxy'];
/** What a text or a list must be, if its schema can only say it as a regular expression. */
const wantedTexts: Partial<Record<keyof Settings, string>> = {
  listen: 'to be an address with a port, such as 127.0.0.1:8377',
  hubEndpoint: 'to be http:// or https:// with a host, such as https://huggingface.co',
  proxy: 'to be http://, https:// or socks5:// with a host, such as http://proxy:3128',
  certificates: 'to be the absolute path of a file',
  allowedOrigins: 'to be a list of origins, such as ["app://obsidian.md", "https://notes.example"]',
  mcpFolders: 'to be a list of absolute paths, such as ["/Users/me/Recordings", "~/Meetings"]',
  keep: 'to be a list of models, such as ["whisper-base-4bit"]',
};
const keys = Object.keys(properties) as (keyof Settings)[];

/**
 * Defaults, then the settings file, then the environment (`maxQueuedJobs` is `HEARTH_MAX_QUEUED_JOBS`).
 * @throws `SETTINGS_INVALID` with the file or variable, the key, the expected value and the actual one
 */
export function readSettings(settingsFile: string, environment: NodeJS.ProcessEnv = process.env): Settings {
  return settingsFrom(settingsFile, textOf(settingsFile), environment);
}

/** The same for who must not wait for a disk. Tells also whether there is a file. @throws as `readSettings` */
export async function readSettingsFile(
  settingsFile: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly settings: Settings; readonly isThere: boolean }> {
  const text = await readText(settingsFile);
  return { settings: settingsFrom(settingsFile, text, environment), isThere: text !== null };
}

function settingsFrom(path: string, text: string | null, environment: NodeJS.ProcessEnv): Settings {
  const defaults = Value.Default(SettingsSchema, {}) as Settings;
  return { ...defaults, ...(text !== null && valuesOf(path, text)), ...readEnvironment(environment) };
}

function valuesOf(path: string, text: string): Partial<Settings> {
  const values = parse(path, text);
  for (const [key, value] of Object.entries(values)) requireValid(requireKnown(key, path), value, `${key} in ${path}`);
  return values;
}

/** Null for no file. */
function textOf(path: string): string | null {
  try {
    return readGivenFileNow(path, mostBytes).toString();
  } catch (cause) {
    if (isMissing(cause) && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null;
    throw unreadable(path, cause);
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return (await readGivenFile(path, mostBytes)).toString();
  } catch (cause) {
    if (isMissing(cause) && !(await isLink(path))) return null;
    throw unreadable(path, cause);
  }
}

/** What a link leads to may be away for a while: its owner has settings, and nobody knows which. */
async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isSymbolicLink() === true;
}

function isMissing(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'ENOENT';
}

function unreadable(path: string, cause: unknown): HearthError {
  const reason = isMissing(cause) ? 'it is a link, and what it leads to does not exist' : systemReason(cause);
  return invalid(`${path} cannot be read: ${reason}.`, { cause });
}

function parse(path: string, text: string): Partial<Settings> {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (cause) {
    throw invalid(`Expected JSON in ${path}, got something else${placeOf(cause)}.`);
  }
  if (!isShallow(values)) throw invalid(`Expected JSON of at most ${mostLevels} levels in ${path}, got more.`);
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values;
  throw invalid(`Expected a JSON object in ${path}, got ${kindOf(values)}.`);
}

function requireKnown(key: string, path: string): keyof Settings {
  const known = keys.find((each) => each === key);
  if (known !== undefined) return known;
  const closest = closestMatch(key, keys, { maxDistance: 3 });
  const hint = closest === undefined ? {} : { hint: `Did you mean ${closest}?` };
  throw invalid(`Expected one of ${keys.join(', ')} in ${path}, got ${shorten(key)}.`, hint);
}

function readEnvironment(environment: NodeJS.ProcessEnv): Partial<Settings> {
  const given = keys.flatMap((key) => {
    const text = environment[variableName(key)];
    if (text === undefined || text === '') return [];
    const value = 'items' in properties[key] ? parseList(text) : Value.Convert(properties[key], text);
    requireValid(key, value, variableName(key));
    return [[key, value]];
  });
  return Object.fromEntries(given);
}

/** A list in a variable is JSON, or has commas between its values. */
function parseList(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',').map((value) => value.trim());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function variableName(key: string): string {
  return `HEARTH_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function requireValid(key: keyof Settings, value: unknown, place: string): void {
  const property = properties[key];
  if (Value.Check(property, value)) return;
  const expectation = expectationOf(key, value);
  throw invalid(`Expected ${place} ${expectation}, got ${shown(key, value)}.`);
}

function expectationOf(key: keyof Settings, value: unknown): string {
  const property = properties[key];
  const wanted = wantedTexts[key];
  if (wanted !== undefined && (typeof value === 'string' || Array.isArray(value))) return wanted;
  if ('anyOf' in property) return `to be one of ${property.anyOf.map((choice) => choice.const).join(', ')}`;
  return Value.Errors(property, value)[0]?.message.replace(/^must /, 'to ') ?? 'to be another value';
}

/** No message contains a secret: messages appear in logs, health and terminals. */
function shown(key: keyof Settings, value: unknown): string {
  return secrets.includes(key) ? kindOf(value) : shorten(JSON.stringify(value));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The rest of the parser's message quotes the file. */
function placeOf(error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec((error as Error).message) ?? [];
  return line === undefined ? '' : ` at line ${line}, column ${column}`;
}

function invalid(message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}): HearthError {
  return new HearthError('SETTINGS_INVALID', message, options);
}
