import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open, rm, stat, symlink } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HearthError } from '../errors/hearth-error.ts';
import { readFreeBytes } from '../settings/read-free-bytes.ts';
import { afterRunningFor } from '../time/after-running-for.ts';
import type { Conversion, Converter, ConverterReport } from './converter.ts';
import { conversionError, diskFull, writingError } from './converter-errors.ts';
import type { Sandbox } from './sandbox.ts';
import { putWavLengths } from './wav-lengths.ts';

const mostReportLines = 2000;
const longestReportLine = 500;
/** How often limits are checked. */
const lookIntervalMs = 250;
const bytesBetweenDiskChecks = 4 * 1024 * 1024;
/** How long a killed converter may take to be gone: a call on a disk that does not answer may outlive the kill. */
const defaultGoneMs = 10_000;
/** Exit codes of a shell and of our sandbox for a program that does not exist. */
const notStarted = 127;

/** Only counts while this process runs, so a sleeping machine does not use it up. */
export interface ConversionLimits {
  /** A conversion that produces no sound for this long is ended. */
  readonly idleMs: number;
  readonly totalMs: number;
  readonly maxOutputBytes: number;
  /** Disk space to leave free where the sound is written. */
  readonly minFreeDiskBytes: number;
}

export interface ConvertRecordingRequest {
  readonly converter: Converter;
  readonly conversion: Conversion;
  /**
   * The recording, open. Linux has a path for an open file, so the converter reads this one there, even if another file
   * or a link has taken its place, through a link of ours with the same ending: some formats are known by that alone.
   * Elsewhere `inputPath` must be one that nobody else can change, or the sandbox refuse links.
   */
  readonly recording?: FileHandle;
  readonly sandbox: Sandbox;
  readonly limits: ConversionLimits;
  readonly goneMs?: number;
  readonly signal?: AbortSignal;
  /** Called with the container's clock at its first packet, before any sound is written. */
  readonly onStart?: (seconds: number) => void;
  /** Called with the silence that the converter leaves out before the sound, also before any sound is written. */
  readonly onDelay?: (seconds: number) => void;
}

/**
 * Converts a recording in a child process, which is killed if it exceeds a limit or the signal is aborted. Returns
 * what the converter reported about the recording; complaints mean that a part of it could not be read.
 * @throws `AUDIO_CORRUPT`, `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `CANCELLED`, `CONVERTER_FAILED`, `CONVERTER_MISSING`,
 * `DISK_FULL`, `HOME_NOT_WRITABLE`
 */
export async function convertRecording(request: ConvertRecordingRequest): Promise<ConverterReport> {
  const file = await open(request.conversion.outputPath, 'wx+', 0o600).catch((error: unknown) => {
    throw writingError(error);
  });
  try {
    return await convertInto(file, request);
  } finally {
    await file.close();
  }
}

async function convertInto(file: FileHandle, request: ConvertRecordingRequest): Promise<ConverterReport> {
  const { converter, signal } = request;
  const stop = new AbortController();
  const output = { byteCount: 0 };
  const link = linkFor(request);
  const unwatch = watchLimits(request, output, stop);
  const cancel = () => stop.abort(new HearthError('CANCELLED', 'The conversion was cancelled.'));
  const outlived = watchOutlived(stop.signal, request.goneMs ?? defaultGoneMs);
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    await requireDisk(request);
    stop.signal.throwIfAborted();
    if (link !== null) await symlink('/proc/self/fd/3', link.path);
    const child = startConverter(request, link, stop.signal);
    const writing = child.stdout === null ? undefined : writeSound(child.stdout, file, output, { request, stop });
    const work = Promise.all([endOf(child), readReport(child.stderr, request), writing]);
    const [end, report] = await Promise.race([work, outlived.happens(child)]);
    stop.signal.throwIfAborted();
    if (end.failure !== undefined || end.exitCode === notStarted) throw startFailure(converter, end.failure);
    if (end.exitCode === null) throw crashed(converter);
    if (end.exitCode !== 0) throw conversionError(report.complaints);
    if (converter.writesTo === 'standard-output') await putWavLengths(file, output.byteCount);
    return report;
  } finally {
    unwatch();
    outlived.stop();
    signal?.removeEventListener('abort', cancel);
    if (link !== null) await rm(link.path, { force: true });
  }
}

/** How a converter finds the recording that is open here. */
interface RecordingLink {
  readonly path: string;
  readonly descriptor: number;
}

/** Null where the converter opens the recording by its own path. */
function linkFor({ conversion, recording }: ConvertRecordingRequest): RecordingLink | null {
  if (recording === undefined || process.platform !== 'linux') return null;
  const [ending = ''] = /^\.[a-z0-9]{1,8}$/i.exec(extname(conversion.inputPath)) ?? [];
  return { path: `${conversion.outputPath}-input${ending}`, descriptor: recording.fd };
}

function startConverter(
  { converter, conversion: asked, sandbox }: ConvertRecordingRequest,
  link: RecordingLink | null,
  signal: AbortSignal,
): ChildProcess {
  const conversion = link === null ? asked : { ...asked, inputPath: link.path };
  const writesFile = converter.writesTo === 'file';
  const command = sandbox.confine({
    executable: converter.executable,
    arguments: converter.buildArguments(conversion),
    inputPath: conversion.inputPath,
    outputPath: writesFile ? conversion.outputPath : null,
  });
  return spawn(command.executable, [...command.arguments], {
    stdio: ['ignore', writesFile ? 'ignore' : 'pipe', 'pipe', ...(link === null ? [] : [link.descriptor])],
    env: environmentForConverter(),
    signal,
    killSignal: 'SIGKILL',
  });
}

/** Passes on nothing of ours: the environment holds the token, and the file that ffmpeg would write a report to. */
function environmentForConverter(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];
  const given = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(given), LC_ALL: 'C' };
}

/** Ends a converter that exceeds a limit. If it writes a file itself, the file is measured from outside. */
function watchLimits(
  request: ConvertRecordingRequest,
  output: { byteCount: number },
  stop: AbortController,
): () => void {
  const { converter, conversion, limits } = request;
  const giveUp = () => stop.abort(tooSlow());
  const total = afterRunningFor(limits.totalMs, giveUp);
  const idle = afterRunningFor(limits.idleMs, giveUp);
  let lastByteCount = 0;
  let isLooking = false;
  async function look(): Promise<void> {
    if (converter.writesTo === 'file') output.byteCount = (await stat(conversion.outputPath)).size;
    if (output.byteCount > limits.maxOutputBytes) stop.abort(tooLarge());
    if (output.byteCount !== lastByteCount) idle.restart();
    lastByteCount = output.byteCount;
    await requireDisk(request);
  }
  const looks = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => stop.abort(writingError(error)))
      .finally(() => {
        isLooking = false;
      });
  }, lookIntervalMs);
  return () => {
    clearInterval(looks);
    total.stop();
    idle.stop();
  };
}

/** Lets go of a converter that is killed and not gone in time. */
function watchOutlived(stopped: AbortSignal, goneMs: number) {
  let stop = () => {};
  return {
    happens(child: ChildProcess): Promise<never> {
      return new Promise((_, reject) => {
        stopped.addEventListener('abort', () => {
          const patience = afterRunningFor(goneMs, () => {
            for (const stream of [child.stdout, child.stderr]) stream?.destroy();
            child.unref();
            reject(stopped.reason);
          });
          stop = patience.stop;
        });
      });
    },
    stop: () => stop(),
  };
}

async function requireDisk({ conversion, limits }: ConvertRecordingRequest): Promise<void> {
  if ((await readFreeBytes(dirname(conversion.outputPath))) < limits.minFreeDiskBytes) throw diskFull();
}

function tooLarge(): HearthError {
  return new HearthError('AUDIO_TOO_LARGE', 'The recording is longer than 24 hours.', {
    hint: 'Cut the recording into shorter ones.',
  });
}

function crashed({ name }: Converter): HearthError {
  return new HearthError('CONVERTER_FAILED', `${name} was killed, or crashed on this recording.`, {
    hint: `Try another version of ${name}, or convert the recording to wav, flac, mp3 or ogg.`,
  });
}

function tooSlow(): HearthError {
  return new HearthError('CONVERTER_FAILED', 'The recording could not be converted in time.');
}

/** Writes the sound as it arrives. Unread output belongs to a child that is about to be killed. */
async function writeSound(
  sound: Readable,
  file: FileHandle,
  output: { byteCount: number },
  { request, stop }: { readonly request: ConvertRecordingRequest; readonly stop: AbortController },
): Promise<void> {
  let nextDiskCheck = bytesBetweenDiskChecks;
  try {
    for await (const chunk of sound as AsyncIterable<Buffer>) {
      await file.writeFile(chunk);
      output.byteCount += chunk.length;
      if (output.byteCount < nextDiskCheck) continue;
      nextDiskCheck += bytesBetweenDiskChecks;
      await requireDisk(request);
    }
  } catch (error) {
    if (!stop.signal.aborted) stop.abort(writingError(error));
  }
}

async function readReport(
  stream: Readable | null,
  { converter, onStart, onDelay }: ConvertRecordingRequest,
): Promise<ConverterReport> {
  const lines: string[] = [];
  if (stream !== null) {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (lines.length === mostReportLines) continue;
      lines.push(line.slice(0, longestReportLine));
      const seconds = converter.readStart(line);
      if (seconds !== null) onStart?.(seconds);
      const delay = converter.readDelay(line);
      if (delay !== null) onDelay?.(delay);
    }
  }
  return converter.readReport(lines);
}

interface ChildEnd {
  readonly exitCode: number | null;
  /** Explains why the program could not be started. */
  readonly failure: Error | undefined;
}

async function endOf(child: ChildProcess): Promise<ChildEnd> {
  return await new Promise((resolve) => {
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = error;
    });
    child.on('close', (exitCode) => resolve({ exitCode, failure }));
  });
}

function startFailure(converter: Converter, cause: Error | undefined): HearthError {
  return new HearthError('CONVERTER_MISSING', `${converter.name} cannot be started.`, { cause });
}
