import { Readable } from 'node:stream';
import type { EventLog } from '../jobs/event-log.ts';
import { keptAlive } from './kept-alive.ts';

/**
 * A job's events as NDJSON; reads from the log no faster than the client reads from it. A space before the next line
 * keeps a silent connection alive.
 */
export function eventStream(events: EventLog, from: number, { everyMs }: { readonly everyMs: number }): Readable {
  return Readable.from(keptAlive(lines(events, from), { filler: ' ', everyMs }), { objectMode: false });
}

async function* lines(events: EventLog, from: number): AsyncGenerator<string> {
  for await (const event of events.follow(from)) yield `${JSON.stringify(event)}\n`;
}
