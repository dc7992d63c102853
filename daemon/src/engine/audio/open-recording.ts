import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Native, NativeAudio, OpenAudioRequest } from '@hearth/native';
import type { Converter } from '../../converters/converter.ts';
import { findConverters } from '../../converters/find-converters.ts';
import { installationAdvice } from '../../converters/installation-advice.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { toWireError } from '../../errors/wire-error.ts';
import { type ConversionLimits, convertRecording } from './convert-recording.ts';

export interface OpenRecordingRequest {
  readonly native: Pick<Native, 'createCancellation' | 'openAudio'>;
  readonly path: string;
  /** A private folder on a disk with room; a converted recording lies there while it is read. */
  readonly temporaryFolder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: NonNullable<OpenAudioRequest['onProgress']>;
  readonly findConverters?: () => Promise<readonly Converter[]>;
}

export interface Recording {
  readonly audio: NativeAudio;
  /** Sentences for the user; empty for a sound recording. */
  readonly warnings: string[];
}

/**
 * Opens a recording of any format: what the engine cannot read itself goes through a converter first.
 * @throws `AUDIO_*`, `FILE_*`, `CONVERTER_MISSING`, `DISK_FULL`, `CANCELLED`, `ENGINE_NOT_BUILT`
 */
export async function openRecording(request: OpenRecordingRequest): Promise<Recording> {
  try {
    const audio = await openNatively(request, request.path);
    return { audio, warnings: sentencesOf(audio) };
  } catch (error) {
    const known = asHearthError(error);
    if (known.code !== 'AUDIO_NEEDS_CONVERSION') throw known;
    return await openConverted(request, known);
  }
}

async function openNatively({ native, signal, onProgress }: OpenRecordingRequest, path: string): Promise<NativeAudio> {
  const cancellation = native.createCancellation();
  const cancel = () => cancellation.cancel();
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    return await native.openAudio({ path, cancellation, ...(onProgress === undefined ? {} : { onProgress }) });
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

async function openConverted(request: OpenRecordingRequest, unread: HearthError): Promise<Recording> {
  const converters = await (request.findConverters ?? findConverters)();
  let failure = new HearthError('CONVERTER_MISSING', unread.message, { hint: remedies(), cause: unread });
  const limits = limitsFor((await stat(request.path)).size);
  for (const converter of converters) {
    try {
      return await openThrough(converter, request, limits);
    } catch (error) {
      const known = asHearthError(error);
      if (known.code !== 'AUDIO_CORRUPT' && known.code !== 'CONVERTER_MISSING') throw known;
      failure = new HearthError(known.code, `${unread.message} ${known.message}`, { hint: known.hint, cause: known });
    }
  }
  throw failure;
}

async function openThrough(
  converter: Converter,
  request: OpenRecordingRequest,
  limits: ConversionLimits,
): Promise<Recording> {
  const outputPath = join(request.temporaryFolder, `converted-${randomUUID()}.wav`);
  const { path: inputPath, signal } = request;
  try {
    const complaint = await convertRecording({
      converter,
      inputPath,
      outputPath,
      limits,
      ...(signal === undefined ? {} : { signal }),
    });
    const audio = await openNatively(request, outputPath);
    return { audio, warnings: [...describeComplaint(converter, complaint), ...sentencesOf(audio)] };
  } finally {
    await rm(outputPath, { force: true });
  }
}

/** A day of converted sound, and time enough for the slowest converter to write it. */
function limitsFor(inputBytes: number): ConversionLimits {
  const timeoutSeconds = Math.min(60 + inputBytes / 500_000, 1800);
  return { timeoutMs: Math.round(timeoutSeconds) * 1000, maxOutputBytes: 24 * 3600 * 16000 * 2 };
}

function sentencesOf({ warnings }: NativeAudio): string[] {
  return warnings.map(({ message }) => message);
}

function describeComplaint({ name }: Converter, complaint: string): string[] {
  if (complaint === '') return [];
  return [`The recording is damaged: ${name} says "${complaint}". What it could convert was transcribed.`];
}

function remedies(): string {
  return `${installationAdvice()}; or convert the recording to wav, flac, mp3 or ogg.`;
}

function asHearthError(error: unknown): HearthError {
  if (error instanceof HearthError) return error;
  const { code, message, hint } = toWireError(error);
  return new HearthError(code, message, { hint, cause: error });
}
