import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';
import { answerOptionTable } from '../../../protocol/options/answer-option-table.ts';
import type { Spool } from '../../jobs/spool.ts';
import { requireShallow } from '../guards/refuse-deep-json.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import type { ReceivedRecording } from '../receive-recording.ts';
import { fieldError, quoted } from './field-values.ts';
import { addField, type FieldValues, type OpenAiForm, type OpenAiTask, readFields } from './openai-fields.ts';

const maxFields = 200;
/** For all fields together: they are stored with the job and with its transcript in the history. */
const maxFieldBytes = 64 * 1024;

/** How a form is parsed: the recording is `file`, whatever type and file name its part has, if any. */
export const formParsing = {
  limits: {
    fields: maxFields,
    fieldSize: maxFieldBytes,
    files: 5,
    parts: maxFields + 10,
    fileSize: Number.POSITIVE_INFINITY,
  },
  isPartAFile: (field: string | undefined, _type: string | undefined, fileName: string | undefined) =>
    field === 'file' || fileName !== undefined,
};

/**
 * Reads a form part by part. The recording is streamed to the spool, wherever it comes among the fields. If anything
 * fails, no upload is left, and errors are reported before the rest is read.
 * @throws `OPTION_INVALID`, `REQUEST_INVALID`, what `Spool.receive` throws
 */
export async function readOpenAiForm(
  request: FastifyRequest,
  { spool, task }: { readonly spool: Spool; readonly task: OpenAiTask },
): Promise<OpenAiForm & { readonly recording: ReceivedRecording }> {
  if (!request.isMultipart()) {
    throw new HearthError('REQUEST_INVALID', 'Expected multipart/form-data with a field `file`, got another body.', {
      hint: 'Send a form, or post the bytes of the recording to /v1/transcriptions.',
    });
  }
  const leavesReserve = isFromNetwork(request);
  await spool.requireRoomFor(Number(request.headers['content-length'] ?? 0), leavesReserve);
  const fields: FieldValues = new Map();
  let bytesLeft = maxFieldBytes;
  let recording: ReceivedRecording | null = null;
  try {
    for await (const part of partsOf(request)) {
      if (part.type === 'field') bytesLeft -= readField(part, fields, bytesLeft);
      else {
        requireRecording(part, recording !== null);
        // Errors in the fields so far are reported before the recording is read.
        readFields(fields, task);
        recording = await receivePart(part, { spool, leavesReserve });
      }
    }
    if (recording === null) throw noRecording();
    return { ...readFields(fields, task), recording };
  } catch (error) {
    request.raw.unpipe();
    if (recording !== null) await spool.remove(recording.audioPath);
    throw error;
  }
}

/** Errors of the parser are about the form. */
async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield* request.parts();
  } catch (cause) {
    if (cause instanceof HearthError) throw cause;
    const { code } = cause as { code?: string };
    throw new HearthError('REQUEST_INVALID', complaints[code ?? ''] ?? 'The form is incomplete or malformed.', {
      hint: 'Send multipart/form-data, as a browser form, `curl -F` or an OpenAI client does.',
      cause,
    });
  }
}

const complaints: Readonly<Record<string, string>> = {
  FST_PARTS_LIMIT: `The form has more than ${formParsing.limits.parts} parts.`,
  FST_FILES_LIMIT: `The form has more than ${formParsing.limits.files} files.`,
  FST_FIELDS_LIMIT: `The form has more than ${maxFields} fields.`,
  FST_INVALID_JSON_FIELD_ERROR: 'A field of the form has the type JSON but is not JSON.',
  FST_PROTO_VIOLATION: 'A field of the form has a name that is not allowed.',
};

type Field = Extract<Multipart, { type: 'field' }>;

/** The part's bytes. @throws `OPTION_INVALID`, `REQUEST_INVALID` */
function readField(part: Field, fields: FieldValues, bytesLeft: number): number {
  const { fieldname, fieldnameTruncated, valueTruncated } = part;
  if (fieldname === undefined) throw partWithoutName();
  // A part with the type JSON is already parsed.
  requireShallow(part.value);
  const value = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
  const byteCount = Buffer.byteLength(value);
  if (valueTruncated || fieldnameTruncated || byteCount > bytesLeft) {
    throw fieldError(shorten(fieldname), `to have at most ${bytesLeft} bytes, got more`, fieldsHint);
  }
  addField(fields, fieldname, value);
  return byteCount;
}

const fieldsHint = `All fields except the recording can have ${maxFieldBytes} bytes together.`;

/** Whether a file is the recording, and the only one. */
function requireRecording({ fieldname }: { readonly fieldname: string | undefined }, hasOne: boolean): void {
  if (fieldname === undefined) throw partWithoutName();
  if (fieldname !== 'file') {
    throw new HearthError(
      'REQUEST_INVALID',
      `Expected the recording in \`file\`, got a file in ${quoted(fieldname)}.`,
      {
        hint: 'Call the field of the recording `file`.',
        param: 'file',
      },
    );
  }
  if (hasOne) {
    throw new HearthError('REQUEST_INVALID', 'Expected one recording, got a second `file`.', {
      hint: 'Send one request per recording.',
      param: 'file',
    });
  }
}

function partWithoutName(): HearthError {
  return new HearthError('REQUEST_INVALID', 'A part of the form has no name.', {
    hint: 'Give each part a name: `file` for the recording, as in `Content-Disposition: form-data; name="file"`.',
  });
}

function noRecording(): HearthError {
  return new HearthError('REQUEST_INVALID', 'Expected a field `file` with the recording, got none.', {
    hint: 'Add it, as `curl -F file=@talk.mp3` does.',
    param: 'file',
  });
}

async function receivePart(
  { file, filename }: MultipartFile,
  { spool, leavesReserve }: { readonly spool: Spool; readonly leavesReserve: boolean },
): Promise<ReceivedRecording> {
  try {
    const { path, byteCount } = await spool.receive({
      body: file,
      announcedBytes: null,
      durable: false,
      leavesReserve,
    });
    // A part does not have to name its file.
    const name: string | undefined = filename;
    return {
      audioPath: path,
      uploaded: true,
      byteCount,
      name: name?.slice(0, answerOptionTable.name.maxLength) || null,
    };
  } catch (error) {
    // Reads the rest of the form, so that the connection can take the answer.
    file.resume();
    throw error;
  }
}
