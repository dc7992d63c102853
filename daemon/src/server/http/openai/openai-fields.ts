import { closestMatch } from 'leven';
import { Value } from 'typebox/value';
import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';
import { normalizeOptions } from '../../../protocol/options/normalize-options.ts';
import { meantOption } from '../../../protocol/options/option-aliases.ts';
import { TranscriptionOptionsSchema } from '../../../protocol/options/options-schema.ts';
import type { TranscriptionOptions } from '../../../protocol/options/transcription-options.ts';
import { fieldError, quoted, readChoice, readFlag, readList, readNumber } from './field-values.ts';
import { meansDefaultModel } from './openai-models.ts';

export const openAiFormats = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const;
export type OpenAiFormat = (typeof openAiFormats)[number];
export type OpenAiTask = 'transcribe' | 'translate';

/** A transcription as OpenAI's clients request it. */
export interface OpenAiForm {
  readonly options: TranscriptionOptions;
  readonly format: OpenAiFormat;
  readonly stream: boolean;
  readonly wantsWords: boolean;
  readonly wantsSegments: boolean;
}

const lists = ['keywords', 'languages', 'timestamp_granularities', 'include'] as const;
const speakers = ['known_speaker_names', 'known_speaker_references'] as const;
const single = [
  'model',
  'language',
  'prompt',
  'response_format',
  'temperature',
  'stream',
  'chunking_strategy',
] as const;
const known: readonly string[] = ['file', ...single, ...lists, ...speakers];

/** The fields of a form other than the recording: each name with the values that were sent. */
export type FieldValues = Map<string, string[]>;

/**
 * Adds a field to the earlier ones: `x[]` and `x[0]` are values of the list `x`.
 * @throws `OPTION_INVALID` for a field that OpenAI does not have
 */
export function addField(fields: FieldValues, writtenName: string, value: string): void {
  const [, name = writtenName] = /^([^[\]]+)\[[^[\]]*\]$/.exec(writtenName) ?? [];
  if (!known.includes(name) || name === 'file') throw unknownField(name);
  fields.set(name, [...(fields.get(name) ?? []), value]);
}

/** The request made by all fields together. @throws `OPTION_INVALID` */
export function readFields(fields: FieldValues, task: OpenAiTask): OpenAiForm {
  refuseUnsupported(fields);
  const format = readFormat(fields);
  const stream = readFlag('stream', one(fields, 'stream')) ?? false;
  const granularities = readGranularities(fields, format);
  if (stream && format !== 'json' && format !== 'text') {
    throw fieldError('stream', `to come with the response_format json or text, got ${format}`, streamHint);
  }
  const wantsWords = granularities.includes('word');
  return {
    options: readOptions(fields, { task, wantsWords }),
    format,
    stream,
    wantsWords,
    wantsSegments: !wantsWords || granularities.includes('segment'),
  };
}

function one(fields: FieldValues, name: (typeof single)[number]): string {
  const values = fields.get(name) ?? [];
  if (values.length > 1) throw fieldError(name, `once, got it ${values.length} times`);
  return values[0] ?? '';
}

function list(fields: FieldValues, name: (typeof lists)[number]): readonly string[] {
  // A phrase may contain a comma; codes and fixed words may not.
  return readList(name, fields.get(name) ?? [], { cutAtCommas: name !== 'keywords' });
}

function refuseUnsupported(fields: FieldValues): void {
  if (list(fields, 'include').length > 0) {
    throw fieldError('include', 'to be left out', 'Hearth has no log probabilities of tokens; segments have theirs.');
  }
  for (const name of speakers) {
    if (fields.has(name)) throw fieldError(name, 'to be left out', speakersHint);
  }
  const strategies = (fields.get('chunking_strategy') ?? []).map((text) => text.trim().toLowerCase());
  if (strategies.every((strategy) => ['auto', 'null', 'none', ''].includes(strategy))) return;
  throw fieldError('chunking_strategy', `to be auto, got ${quoted(strategies.join(' '))}`, chunkingHint);
}

function readFormat(fields: FieldValues): OpenAiFormat {
  const written = one(fields, 'response_format');
  if (written.trim() === 'diarized_json') {
    throw fieldError('response_format', `to be one of ${openAiFormats.join(', ')}, got diarized_json`, speakersHint);
  }
  return readChoice('response_format', written, openAiFormats) ?? 'json';
}

function readGranularities(fields: FieldValues, format: OpenAiFormat): readonly ('word' | 'segment')[] {
  const name = 'timestamp_granularities';
  const wanted = list(fields, name).flatMap((text) => readChoice(name, text, ['word', 'segment']) ?? []);
  if (wanted.length === 0 || format === 'verbose_json') return wanted;
  throw fieldError(name, `to come with the response_format verbose_json, got ${format}`);
}

function readOptions(
  fields: FieldValues,
  { task, wantsWords }: { readonly task: OpenAiTask; readonly wantsWords: boolean },
): TranscriptionOptions {
  const model = one(fields, 'model').trim();
  const language = one(fields, 'language').trim();
  const languages = list(fields, 'languages');
  const prompt = one(fields, 'prompt');
  const keywords = list(fields, 'keywords');
  const temperature = readNumber('temperature', one(fields, 'temperature'), { minimum: 0, maximum: 1 }) ?? 0;
  if (language !== '' && languages.length > 0) throw fieldError('languages', 'or the field `language`, got both');
  const options = {
    task,
    ...(meansDefaultModel(model) ? {} : { model }),
    ...(language === '' ? {} : { language }),
    ...(languages.length === 0 ? {} : { languages: [...languages] }),
    ...(prompt === '' ? {} : { initialPrompt: prompt }),
    ...(keywords.length === 0 ? {} : { hotwords: keywords.join(', ') }),
    // OpenAI uses zero for "as needed".
    ...(temperature === 0 ? {} : { temperature: [temperature] }),
    ...(wantsWords ? { wordTimestamps: true } : {}),
  };
  if (Value.Check(TranscriptionOptionsSchema, options)) return normalizeOptions(options);
  const [error] = Value.Errors(TranscriptionOptionsSchema, options);
  throw new HearthError('OPTION_INVALID', `The field for ${error?.instancePath.slice(1)} ${error?.message}.`);
}

const speakersHint = 'Hearth does not tell speakers apart.';
const chunkingHint = 'Hearth finds the pauses itself: send `auto`, or leave the field out.';
const streamHint = 'Events carry text only. Leave `stream` out, or ask for json.';

/** What OpenAI calls Hearth's options. */
const openAiNames: Readonly<Record<string, string>> = {
  language: 'language',
  model: 'model',
  initialPrompt: 'prompt',
  hotwords: 'keywords',
  wordTimestamps: 'timestamp_granularities',
};

function unknownField(name: string): HearthError {
  const closest = closestMatch(name, [...known], { maxDistance: 3 });
  const option = meantOption(name, Object.keys(TranscriptionOptionsSchema.properties));
  const field = openAiNames[option ?? ''] ?? closest;
  const hint =
    field !== undefined
      ? `Did you mean ${field}?`
      : option !== null
        ? `OpenAI has no such field. Hearth's own API has the option ${option}: POST /v1/transcriptions.`
        : `The fields are ${known.join(', ')}.`;
  return new HearthError('OPTION_INVALID', `Expected a field of OpenAI's form, got ${quoted(name)}.`, {
    hint,
    param: shorten(name),
  });
}
