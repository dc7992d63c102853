import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import type { Spool } from '../jobs/spool.ts';
import { normalizeOptions } from '../options/normalize-options.ts';
import { type TranscriptionOptions, TranscriptionOptionsSchema } from '../options/transcription-options.ts';
import type { ReceivedRecording } from './receive-recording.ts';

export const openAiFormats = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const;
export type OpenAiFormat = (typeof openAiFormats)[number];

/** Names that OpenAI's clients send because they must send some; they mean the model of the settings. */
const openAiModels = new Set(['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'default', '']);

interface NamedRecording extends ReceivedRecording {
  readonly name: string | null;
}

/** A transcription as OpenAI's clients ask for it. */
export interface OpenAiForm {
  readonly options: TranscriptionOptions;
  readonly format: OpenAiFormat;
  readonly stream: boolean;
  readonly wantsWords: boolean;
  readonly wantsSegments: boolean;
}

/**
 * Reads a form part by part: the recording goes into the spool as it comes, wherever it stands among the fields.
 * Whatever goes wrong, no upload is left.
 * @throws `OPTION_INVALID`, `REQUEST_INVALID`, what `Spool.receive` throws
 */
export async function readOpenAiForm(
  request: FastifyRequest,
  { spool, task }: { readonly spool: Spool; readonly task: 'transcribe' | 'translate' },
): Promise<{ readonly recording: NamedRecording; readonly form: OpenAiForm }> {
  if (!request.isMultipart()) {
    throw new HearthError('REQUEST_INVALID', 'Expected multipart/form-data with a field `file`, got another body.');
  }
  await spool.requireRoomFor(Number(request.headers['content-length'] ?? 0));
  const fields = new Map<string, string[]>();
  let recording: NamedRecording | null = null;
  try {
    for await (const part of partsOf(request)) {
      if (part.type === 'field') {
        const name = part.fieldname.replace(/\[\]$/, '');
        fields.set(name, [...(fields.get(name) ?? []), String(part.value)]);
      } else if (part.fieldname !== 'file' || recording !== null) part.file.resume();
      else recording = await receivePart(part, spool);
    }
    if (recording === null) throw new HearthError('REQUEST_INVALID', 'Expected a field `file`, got none.');
    return { recording, form: readFields(fields, task) };
  } catch (error) {
    if (recording !== null) await spool.remove(recording.audioPath);
    throw error;
  }
}

/** What the parser throws is about the form. */
async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield* request.parts();
  } catch (cause) {
    if (cause instanceof HearthError) throw cause;
    throw new HearthError('REQUEST_INVALID', `Expected a whole form, got an error: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

async function receivePart({ file, filename }: MultipartFile, spool: Spool): Promise<NamedRecording> {
  try {
    const { path, byteCount } = await spool.receive({ body: file, announcedBytes: null, durable: false });
    return { audioPath: path, uploaded: true, byteCount, name: filename.slice(0, 255) || null };
  } catch (error) {
    // The rest of the form is read, so that its connection can take the answer.
    file.resume();
    throw error;
  }
}

function readFields(fields: ReadonlyMap<string, readonly string[]>, task: 'transcribe' | 'translate'): OpenAiForm {
  const one = (name: string) => fields.get(name)?.[0];
  const granularities = fields.get('timestamp_granularities') ?? [];
  const wantsWords = granularities.includes('word');
  return {
    options: readOptions({ one, task, wantsWords }),
    format: oneOfThese('response_format', one('response_format') || 'json', openAiFormats),
    stream: one('stream') === 'true',
    wantsWords,
    wantsSegments: !wantsWords || granularities.includes('segment'),
  };
}

interface OptionFields {
  readonly one: (name: string) => string | undefined;
  readonly task: 'transcribe' | 'translate';
  readonly wantsWords: boolean;
}

function readOptions({ one, task, wantsWords }: OptionFields): TranscriptionOptions {
  const model = one('model') ?? '';
  const [language, prompt] = [one('language'), one('prompt')];
  const temperature = readTemperature(one('temperature'));
  const options = {
    task,
    ...(openAiModels.has(model) ? {} : { model }),
    ...(language ? { language } : {}),
    ...(prompt ? { initialPrompt: prompt } : {}),
    // Zero is OpenAI's word for "as it needs to be".
    ...(temperature === 0 ? {} : { temperature: [temperature] }),
    ...(wantsWords ? { wordTimestamps: true } : {}),
  };
  if (Value.Check(TranscriptionOptionsSchema, options)) return normalizeOptions(options);
  const [error] = Value.Errors(TranscriptionOptionsSchema, options);
  throw new HearthError(
    'OPTION_INVALID',
    `Expected valid fields, got ${error?.instancePath.slice(1)}, which ${error?.message}.`,
  );
}

function readTemperature(text: string | undefined): number {
  const temperature = Number(text || 0);
  if (temperature >= 0 && temperature <= 1) return temperature;
  throw new HearthError('OPTION_INVALID', `Expected a temperature from 0 to 1, got ${text?.slice(0, 100)}.`);
}

function oneOfThese<const Name extends string>(field: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new HearthError(
    'OPTION_INVALID',
    `Expected ${field} to be one of ${names.join(', ')}, got ${value.slice(0, 100)}.`,
  );
}
