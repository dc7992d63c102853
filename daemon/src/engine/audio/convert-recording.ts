import { type ChildProcess, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Converter } from '../../converters/converter.ts';
import { HearthError } from '../../errors/hearth-error.ts';

const stderrTailBytes = 16 * 1024;
const quotedLines = 3;
const outputCheckIntervalMs = 250;

export interface ConversionLimits {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}

export interface ConvertRecordingRequest {
  readonly converter: Converter;
  readonly inputPath: string;
  readonly outputPath: string;
  readonly limits: ConversionLimits;
  readonly signal?: AbortSignal;
}

/**
 * Converts a recording in a child process, which is killed when it passes a limit or the signal is aborted.
 * Returns what the converter complained about although it came to its end; empty for a sound recording.
 * @throws `AUDIO_CORRUPT`, `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `CANCELLED`, `CONVERTER_MISSING`, `DISK_FULL`
 */
export async function convertRecording(request: ConvertRecordingRequest): Promise<string> {
  const { converter, inputPath, outputPath, signal } = request;
  const stop = new AbortController();
  const unwatch = watchLimits(request, stop);
  const cancel = () =>
    stop.abort(new HearthError('CANCELLED', 'Expected the conversion to end, got its cancellation.'));
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    const child = spawn(converter.executable, [...converter.buildArguments(inputPath, outputPath)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: stop.signal,
      killSignal: 'SIGKILL',
    });
    const { exitCode, failure, complaint } = await waitForEnd(child);
    stop.signal.throwIfAborted();
    if (failure !== undefined) throw describeStartFailure(converter, failure);
    if (exitCode !== 0) throw describeFailure(converter, complaint);
    return complaint;
  } finally {
    unwatch();
    signal?.removeEventListener('abort', cancel);
  }
}

function watchLimits({ converter, outputPath, limits }: ConvertRecordingRequest, stop: AbortController): () => void {
  const timeout = setTimeout(() => {
    const limit = `within ${limits.timeoutMs / 1000} s`;
    stop.abort(
      new HearthError('AUDIO_CORRUPT', `Expected ${converter.name} to convert the recording ${limit}, got no end.`),
    );
  }, limits.timeoutMs);
  const outputCheck = setInterval(async () => {
    const size = await stat(outputPath).then(
      (status) => status.size,
      () => 0,
    );
    if (size <= limits.maxOutputBytes) return;
    const limit = `at most ${limits.maxOutputBytes} bytes of sound`;
    stop.abort(new HearthError('AUDIO_TOO_LARGE', `Expected ${limit} from ${converter.name}, got more.`));
  }, outputCheckIntervalMs);
  return () => {
    clearTimeout(timeout);
    clearInterval(outputCheck);
  };
}

interface ChildEnd {
  readonly exitCode: number | null;
  /** Why the program could not be started. */
  readonly failure: Error | undefined;
  /** What it wrote to standard error, in few words. */
  readonly complaint: string;
}

async function waitForEnd(child: ChildProcess): Promise<ChildEnd> {
  return await new Promise((resolve) => {
    let failure: Error | undefined;
    let tail = Buffer.alloc(0);
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-stderrTailBytes);
    });
    child.on('error', (error) => {
      failure = error;
    });
    child.on('close', (exitCode) => {
      resolve({ exitCode, failure, complaint: summarise(tail.toString()) });
    });
  });
}

/** The first lines say what is wrong, the later ones what followed from it; ffmpeg's begin with a part of itself. */
function summarise(errorOutput: string): string {
  const lines = errorOutput.split('\n').map((line) => line.replace(/^(\[[^\]]*\] *)+/, '').trim());
  const distinct = [...new Set(lines)].filter((line) => line !== '');
  return distinct.slice(0, quotedLines).join('; ');
}

function describeStartFailure(converter: Converter, cause: Error): HearthError {
  const message = `Expected to start ${converter.name} at ${converter.executable}, got "${cause.message}".`;
  return new HearthError('CONVERTER_MISSING', message, { cause });
}

function describeFailure(converter: Converter, complaint: string): HearthError {
  const got = complaint === '' ? 'got a failure without a reason' : `got "${complaint}"`;
  if (/no space left/i.test(complaint)) {
    return new HearthError('DISK_FULL', `Expected room for the converted recording, ${got}.`);
  }
  if (/does not contain any stream/i.test(complaint)) {
    return new HearthError('AUDIO_EMPTY', `Expected sound in the recording, ${got} from ${converter.name}.`);
  }
  return new HearthError('AUDIO_CORRUPT', `Expected ${converter.name} to convert the recording, ${got}.`);
}
