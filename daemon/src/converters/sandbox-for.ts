import { randomUUID } from 'node:crypto';
import { open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConversionLimits, convertRecording } from './convert-recording.ts';
import type { Converter } from './converter.ts';
import { noSandbox, type Sandbox, systemSandbox } from './sandbox.ts';

const limits: ConversionLimits = { idleMs: 30_000, totalMs: 60_000, maxOutputBytes: 1 << 20, minFreeDiskBytes: 0 };

/** The bytes of one second of sound in 16 bits and 16 kHz, which must come out. */
const leastBytes = 30_000;

/** How long a converter that only works without the sandbox runs without it before it is tried in the sandbox again. */
const retryAfterMs = 600_000;

interface Known {
  readonly sandbox: Sandbox;
  readonly isConfined: boolean;
  readonly triedAtMs: number;
}

/** Earlier results of this process. Programs rarely change while it runs. */
const known = new Map<string, Known>();

export interface SandboxForRequest {
  readonly converter: Converter;
  /** A private folder for the test recording. */
  readonly temporaryFolder: string;
  readonly sandbox?: Sandbox;
  readonly now?: () => number;
}

/**
 * The system's sandbox, if the converter works in it; this is tested with a recording of our own. A converter that
 * only works without it (a wrapper that needs more, a kernel that is too old) runs without it for a while, and health
 * and `hearth doctor` say so. It is tried again later because the cause may have been temporary.
 */
export async function sandboxFor(request: SandboxForRequest): Promise<Sandbox> {
  const { converter, now = () => performance.now() } = request;
  const found = known.get(converter.executable);
  if (found !== undefined && (found.isConfined || now() - found.triedAtMs < retryAfterMs)) return found.sandbox;
  const { sandbox, works } = await tryConverter(request);
  const isConfined = sandbox.name !== 'none';
  if (works) known.set(converter.executable, { sandbox, isConfined, triedAtMs: now() });
  return sandbox;
}

/**
 * A converter that only works without the sandbox is tried in it twice, because one attempt may fail by chance. A
 * converter that does not work at all still gets the sandbox: it may be repaired before the next recording.
 */
export async function tryConverter(
  request: SandboxForRequest,
): Promise<{ readonly sandbox: Sandbox; readonly works: boolean }> {
  const { sandbox = systemSandbox() } = request;
  if (await worksIn(sandbox, request)) return { sandbox, works: true };
  if (sandbox.name === 'none' || !(await worksIn(noSandbox, request))) return { sandbox, works: false };
  const isConfined = await worksIn(sandbox, request);
  return { sandbox: isConfined ? sandbox : noSandbox, works: true };
}

async function worksIn(sandbox: Sandbox, { converter, temporaryFolder }: SandboxForRequest): Promise<boolean> {
  // A sandbox takes the path as it is.
  const folder = await realpath(temporaryFolder).catch(() => temporaryFolder);
  const inputPath = join(folder, `trial-${randomUUID()}.wav`);
  const outputPath = `${inputPath}-converted`;
  const conversion = {
    inputPath,
    outputPath,
    format: 'wav',
    track: null,
    keepsChannels: false,
    keepsClock: false,
    delaySeconds: 0,
  };
  try {
    await writeFile(inputPath, secondOfSilence(), { mode: 0o600 });
    const recording = await open(inputPath);
    await convertRecording({ converter, conversion, recording, sandbox, limits }).finally(() => recording.close());
    return (await stat(outputPath)).size > leastBytes;
  } catch {
    return false;
  } finally {
    await rm(inputPath, { force: true });
    await rm(outputPath, { force: true });
  }
}

/** A WAV file with 8 kHz and 8 bits. */
function secondOfSilence(): Buffer {
  const rate = 8000;
  const file = Buffer.alloc(44 + rate, 0x80);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + rate, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(rate, 40);
  return file;
}
