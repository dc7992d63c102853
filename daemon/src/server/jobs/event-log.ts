import type { JobEvent, LoggedJobEvent, PassingJobEvent } from '../../protocol/job-events.ts';

type OfNoJob<Event> = Event extends unknown ? Omit<Event, 'seq' | 'jobId'> : never;
/** A job event before the log gives it its number. */
export type NewJobEvent = OfNoJob<LoggedJobEvent>;

/** The last event of a job. */
export type JobEnd = Extract<LoggedJobEvent, { readonly type: 'job-done' | 'job-failed' | 'job-cancelled' }>;
export type NewJobEnd = OfNoJob<JobEnd>;

/** Everything that happened to one job, in order. */
export interface EventLog {
  /** The last event, once there is one. */
  readonly ended: Promise<JobEnd>;
  append(event: NewJobEvent): void;
  /** Shows what is not final to whoever follows now; the next one and the next event take its place. */
  show(event: OfNoJob<PassingJobEvent>): void;
  /**
   * Events from number `from` on, as they come, until the job's last. Each follower reads at its own pace from the one
   * list, so that a slow one neither blocks the job nor holds anything of its own. A signal ends it between two events:
   * whoever is gone would else be remembered until the next one.
   */
  follow(from: number, signal?: AbortSignal): AsyncGenerator<JobEvent>;
}

export function createEventLog(jobId: string): EventLog {
  const events: LoggedJobEvent[] = [];
  let shown: PassingJobEvent | null = null;
  const wakeUps = new Set<() => void>();
  const ended = Promise.withResolvers<JobEnd>();

  function hasEnded(): boolean {
    const last = events.at(-1);
    return last !== undefined && isEnd(last);
  }

  function wakeFollowers(): void {
    for (const wakeUp of wakeUps) wakeUp();
    wakeUps.clear();
  }

  async function nextChange(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakeUp = () => resolve();
    wakeUps.add(wakeUp);
    signal?.addEventListener('abort', wakeUp);
    await promise;
    wakeUps.delete(wakeUp);
    signal?.removeEventListener('abort', wakeUp);
  }

  return {
    ended: ended.promise,
    append(newEvent) {
      const event = { seq: events.length, jobId, ...newEvent } as LoggedJobEvent;
      events.push(event);
      shown = null;
      if (isEnd(event)) ended.resolve(event);
      wakeFollowers();
    },
    show(event) {
      if (hasEnded()) return;
      shown = { jobId, ...event } as PassingJobEvent;
      wakeFollowers();
    },
    async *follow(from, signal) {
      let seen: PassingJobEvent | null = null;
      for (let seq = from; ; seq++) {
        while (events[seq] === undefined) {
          if (hasEnded() || signal?.aborted === true) return;
          if (shown !== null && shown !== seen) {
            seen = shown;
            yield shown;
          } else await nextChange(signal);
        }
        const event = events[seq] as LoggedJobEvent;
        yield event;
        if (isEnd(event)) return;
      }
    },
  };
}

function isEnd(event: LoggedJobEvent): event is JobEnd {
  return event.type === 'job-done' || event.type === 'job-failed' || event.type === 'job-cancelled';
}
