import { Readable } from 'node:stream';
import type { EventLog } from '../jobs/event-log.ts';

/** A job's events as NDJSON; reads from the log no faster than the client reads from it. */
export function eventStream(events: EventLog, from: number): Readable {
  return Readable.from(lines(events, from), { objectMode: false });
}

async function* lines(events: EventLog, from: number): AsyncGenerator<string> {
  for await (const event of events.follow(from)) yield `${JSON.stringify(event)}\n`;
}
