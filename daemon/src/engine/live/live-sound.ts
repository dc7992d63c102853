import { type FileHandle, open } from 'node:fs/promises';
import type { Native, NativeAudio, NativeGrowingAudio } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';
import type { LiveMark } from '../../whisper/live/live-policy.ts';
import type { SpeechRange } from '../../whisper/voice-activity/speech-ranges.ts';
import type { LiveFeed } from './live-feed.ts';
import { readWavHeader, type WavHeader } from './wav-header.ts';

const samplesPerSecond = 16_000;
/** Read at a time, so that an hour that waits does not come into memory at once. */
const pieceBytes = 1024 * 1024;
/** A session that is taken up again begins so much earlier, for the resampler and voice activity. */
const leadSeconds = 2;

/** The sound of a live session, as far as it has come; times count from its beginning. */
export interface LiveSound {
  readonly growing: NativeGrowingAudio;
  readonly header: WavHeader;
  /** Where the sound begins that is in memory; later than 0 for a session that is taken up again. */
  readonly firstSeconds: number;
  /** Takes a piece of what has come since; whether there was any. */
  pull(): Promise<boolean>;
  /** Waits for more than the last pull knew of. */
  more(): Promise<void>;
  /** Waits until the client has said since the last pull that its sound ends, or an utterance in it; or for the signal. */
  turnEnded(signal: AbortSignal): Promise<void>;
  soundSeconds(): number;
  /** How much of it is in memory. */
  heldSeconds(): number;
  /** All that will ever come was taken. */
  isEnded(): boolean;
  marks(): readonly LiveMark[];
  recordingOf(part: SpeechRange): NativeAudio;
  forget(beforeSeconds: number): void;
  close(): Promise<void>;
}

export interface OpenLiveSoundRequest {
  readonly native: Pick<Native, 'growAudio'>;
  readonly path: string;
  readonly feed: LiveFeed;
  /** What comes before is not needed any more. */
  readonly fromSeconds: number;
  readonly signal: AbortSignal;
}

/** Opens a WAV file that still grows, once its header is there. @throws `AUDIO_UNSUPPORTED`, `AUDIO_EMPTY`, `CANCELLED` */
export async function openLiveSound(request: OpenLiveSoundRequest): Promise<LiveSound> {
  const file = await open(request.path, 'r');
  try {
    return readSound(request, file, await waitForHeader(file, request));
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function waitForHeader(file: FileHandle, { feed, signal }: OpenLiveSoundRequest): Promise<WavHeader> {
  for (;;) {
    signal.throwIfAborted();
    const seen = feed.progress();
    const { byteCount, isEnded } = seen;
    const bytes = Buffer.alloc(Math.min(byteCount, 2 * pieceBytes));
    await file.read(bytes, 0, bytes.length, 0);
    const header = readWavHeader(bytes);
    if (header !== null) return header;
    if (isEnded) throw new HearthError('AUDIO_EMPTY', 'Expected sound, got the end of the upload before it.');
    await feed.changed(seen, signal);
  }
}

function readSound(
  { native, feed, fromSeconds, signal }: OpenLiveSoundRequest,
  file: FileHandle,
  header: WavHeader,
): LiveSound {
  const { format, frameBytes, soundStart, soundEnd } = header;
  const growing = native.growAudio(format);
  const firstSeconds = Math.max(0, Math.floor(fromSeconds) - leadSeconds);
  const firstSample = firstSeconds * samplesPerSecond;
  let place = soundStart + firstSeconds * format.sampleRateHz * frameBytes;
  let isFinished = false;
  let forgottenSeconds = firstSeconds;
  let pulled = feed.progress();

  const soundSeconds = () => (firstSample + growing.sampleCount) / samplesPerSecond;

  function secondsAt(byte: number): number {
    return Math.max(0, Math.floor((byte - soundStart) / frameBytes) / format.sampleRateHz);
  }

  return {
    growing,
    header,
    firstSeconds,
    async pull() {
      pulled = feed.progress();
      const { byteCount, isEnded } = pulled;
      const end = Math.min(byteCount, soundEnd ?? byteCount);
      const bytes = Buffer.alloc(Math.max(0, Math.min(end - place, pieceBytes)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, place);
      growing.append(bytes.subarray(0, bytesRead));
      place += bytesRead;
      const isLast = place >= end && (isEnded || end === soundEnd);
      if (isLast && !isFinished) {
        isFinished = true;
        growing.finish();
        return true;
      }
      return bytesRead > 0;
    },
    more: () => feed.changed(pulled, signal),
    turnEnded: (until) => feed.turnEnded(pulled, until),
    soundSeconds,
    heldSeconds: () => soundSeconds() - forgottenSeconds,
    isEnded: () => isFinished,
    marks: () => feed.progress().marks.map(({ type, atByte }) => ({ type, atSeconds: secondsAt(atByte) })),
    recordingOf({ startSeconds, endSeconds }) {
      const start = Math.round(startSeconds * samplesPerSecond);
      return growing.recording(start - firstSample, Math.round(endSeconds * samplesPerSecond) - start);
    },
    forget(beforeSeconds) {
      forgottenSeconds = Math.max(forgottenSeconds, beforeSeconds);
      growing.forget(Math.floor(beforeSeconds * samplesPerSecond) - firstSample);
    },
    async close() {
      growing.close();
      await file.close();
    },
  };
}
