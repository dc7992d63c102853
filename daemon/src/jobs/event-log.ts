import type { JobEvent } from '../messages/job-events.ts';

type Unnumbered<Event> = Event extends unknown ? Omit<Event, 'seq' | 'jobId'> : never;
/** A job event before the log gives it its number. */
export type NewJobEvent = Unnumbered<JobEvent>;

/** Everything that happened to one job, in order. */
export interface EventLog {
  append(event: NewJobEvent): void;
  /**
   * Events from number `from` on, as they come, until the job's last. Each follower reads at its own pace from the one
   * list, so that a slow one neither blocks the job nor holds anything of its own.
   */
  follow(from: number): AsyncGenerator<JobEvent>;
}

export function createEventLog(jobId: string): EventLog {
  const events: JobEvent[] = [];
  let wakeUps: (() => void)[] = [];
  return {
    append(event) {
      events.push({ seq: events.length, jobId, ...event } as JobEvent);
      const waiting = wakeUps;
      wakeUps = [];
      for (const wakeUp of waiting) wakeUp();
    },
    async *follow(from) {
      for (let seq = from; ; seq++) {
        while (events[seq] === undefined) {
          if (isLast(events.at(-1))) return;
          await new Promise<void>((resolve) => wakeUps.push(resolve));
        }
        const event = events[seq] as JobEvent;
        yield event;
        if (isLast(event)) return;
      }
    },
  };
}

function isLast(event: JobEvent | undefined): boolean {
  return event?.type === 'job-done' || event?.type === 'job-failed' || event?.type === 'job-cancelled';
}
