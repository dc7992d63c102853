import { HearthError } from '../../errors/hearth-error.ts';
import type { LiveMark, LiveProgress, LiveTurns } from '../../protocol/engine-messages.ts';
import { afterRunningFor } from '../../time/after-running-for.ts';
import type { GrowingUpload } from './spool.ts';

/** How long a session whose connection broke waits for its client, while the machine does not sleep. */
const defaultGraceMs = 60_000;
/** How long a session stays open to which nothing is sent: it has one of a few places. */
const defaultIdleMs = 600_000;
/** Any sound brings this much in this time. */
const leastSound = { bytes: 4096, periodMs: 5_000 };

/** The sound of a live session as it comes: on disk before anything else is done with it. */
export interface LiveInput {
  readonly turns: LiveTurns;
  progress(): LiveProgress;
  /** What clients have sent, without a header of ours. */
  receivedBytes(): number;
  /** Since when less comes than any sound brings; null while enough does. */
  slowSinceMs(): number | null;
  /**
   * Takes the sender's place, which one connection has at a time. Losing it without `end` starts the wait for the next.
   * @throws `REQUEST_INVALID` for a session that another connection feeds, or that has ended
   */
  attach(): LiveSender;
  /** No more comes; what came is transcribed. `cutOff` says why the client's sound is not taken to its end. */
  end(cutOff?: string): Promise<void>;
  /** Why the client's sound was not taken to its end; null if it was. */
  cutOff(): string | null;
  /** Hears of each change until the function that it gives is called. */
  onChange(listener: (progress: LiveProgress) => void): () => void;
}

export interface LiveSender {
  /** @throws `DISK_FULL`, `AUDIO_TOO_LARGE`, `HOME_NOT_WRITABLE` */
  append(bytes: Uint8Array): Promise<void>;
  mark(type: LiveMark['type']): void;
  end(cutOff?: string): Promise<void>;
  /** The connection is gone. */
  detach(): void;
}

export interface LiveInputRequest {
  readonly upload: GrowingUpload;
  readonly turns: LiveTurns;
  readonly graceMs?: number;
  readonly idleMs?: number;
  readonly slowMs?: number;
}

export function createLiveInput(request: LiveInputRequest): LiveInput {
  const { upload, turns } = request;
  const { graceMs = defaultGraceMs, idleMs = defaultIdleMs, slowMs = leastSound.periodMs } = request;
  const headerBytes = upload.byteCount();
  const listeners = new Set<(progress: LiveProgress) => void>();
  let marks: readonly LiveMark[] = [];
  let isEnded = false;
  let cutOff: string | null = null;
  let sender: object | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  let stopWaiting = () => {};
  const idle = afterRunningFor(
    idleMs,
    () => void end(`The session was ended, since no sound had come for ${idleMs / 60_000} minutes.`),
  );

  let slowSinceMs: number | null = null;
  let seenBytes = headerBytes;
  const slow = afterRunningFor(slowMs, () => {
    slowSinceMs = performance.now();
  });

  const progress = (): LiveProgress => ({ byteCount: upload.byteCount(), isEnded, marks });

  function tell(): void {
    for (const listener of listeners) listener(progress());
  }

  function notePace(): void {
    if (upload.byteCount() - seenBytes < leastSound.bytes) return;
    seenBytes = upload.byteCount();
    slowSinceMs = null;
    slow.restart();
  }

  async function end(reason: string | null = null): Promise<void> {
    if (isEnded) return;
    isEnded = true;
    cutOff = reason;
    stopWaiting();
    idle.stop();
    slow.stop();
    await writing.catch(() => undefined);
    // Each piece was written before it was answered; a file that does not close holds nobody up.
    await upload.close().catch(() => undefined);
    tell();
  }

  return {
    turns,
    progress,
    receivedBytes: () => upload.byteCount() - headerBytes,
    slowSinceMs: () => slowSinceMs,
    end,
    cutOff: () => cutOff,
    attach() {
      if (isEnded)
        throw new HearthError('REQUEST_INVALID', 'Expected a live session that goes on, got one that has ended.');
      if (sender !== null) {
        throw new HearthError('REQUEST_INVALID', 'Expected a live session that nobody sends to, got one in use.');
      }
      const own = {};
      sender = own;
      stopWaiting();
      const isOwn = () => sender === own && !isEnded;
      return {
        async append(bytes) {
          if (!isOwn()) return;
          idle.restart();
          const written = writing.then(() => upload.append(bytes));
          writing = written.catch(() => undefined);
          await written;
          notePace();
          tell();
        },
        mark(type) {
          if (!isOwn()) return;
          const atByte = upload.byteCount();
          const last = marks.at(-1);
          // All are told each time.
          if (last?.type === type && last.atByte === atByte) return;
          marks = [...marks, { type, atByte }];
          tell();
        },
        async end(reason) {
          if (isOwn()) await end(reason);
        },
        detach() {
          if (!isOwn()) return;
          sender = null;
          stopWaiting = afterRunningFor(graceMs, () => void end()).stop;
        },
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
