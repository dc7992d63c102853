import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface UnreadAnswers {
  /** Counts an answer from its end on. */
  watch(socket: Socket, response: ServerResponse): void;
  /** The client has read it, or is gone. */
  forget(socket: Socket): void;
}

/**
 * Limits the memory for complete answers that clients have not read. If the next answer would exceed the limit, the
 * connections with the oldest answers are closed. A single answer may have any length.
 */
export function createUnreadAnswers(mostBytes: number): UnreadAnswers {
  /** In the order in which they were answered. */
  const bytesOf = new Map<Socket, number>();
  let total = 0;

  function forget(socket: Socket): void {
    total -= bytesOf.get(socket) ?? 0;
    bytesOf.delete(socket);
  }

  return {
    watch(socket, response) {
      response.once('prefinish', () => {
        const bytes = socket.writableLength;
        bytesOf.set(socket, bytes);
        total += bytes;
        for (const oldest of bytesOf.keys()) {
          if (total <= mostBytes || oldest === socket) return;
          forget(oldest);
          oldest.destroy();
        }
      });
    },
    forget,
  };
}
