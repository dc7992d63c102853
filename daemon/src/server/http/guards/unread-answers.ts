import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface UnreadAnswers {
  /** Counts an answer from its end until its client has it. */
  watch(socket: Socket, response: ServerResponse): void;
}

/**
 * Bounds what whole answers take of the memory while their clients do not read them: where the next one would be too
 * much, the connections whose answers have been there longest are ended. One answer by itself may be as long as it is.
 */
export function createUnreadAnswers(mostBytes: number): UnreadAnswers {
  /** The one that was answered first in front. */
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
      response.once('close', () => forget(socket));
    },
  };
}
