import type { IncomingMessage } from 'node:http';
import { connectionError, type Daemon } from './request.ts';

/** Yields the events of a response, one a line. @throws `CONNECTION_LOST`, `CANCELLED` */
export async function* readEvents<Event>(daemon: Daemon, response: IncomingMessage): AsyncGenerator<Event> {
  try {
    yield* readJsonLines<Event>(response);
  } catch (error) {
    throw connectionError(daemon, error as NodeJS.ErrnoException);
  }
}

/** Yields each complete line of a byte stream, parsed as JSON; a last line without a line break is incomplete. */
export async function* readJsonLines<Line>(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let unfinished = '';
  for await (const bytes of stream) {
    const lines = (unfinished + decoder.decode(bytes, { stream: true })).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') yield JSON.parse(line) as Line;
    }
  }
}
