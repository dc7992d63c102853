import { expect, test } from '@jest/globals';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import { createLivePlaces, type LivePlaceRequest } from '../../../../daemon/src/server/jobs/live-places.ts';

/** A session as far as places look at it. */
interface Session {
  readonly job: Job;
  readonly isEnded: () => boolean;
  readonly cutOff: () => string | undefined;
  slowSinceMs: number | null;
}

function session(slowSinceMs: number | null): Session {
  let isEnded = false;
  let cutOff: string | undefined;
  const own: Session = {
    slowSinceMs,
    isEnded: () => isEnded,
    cutOff: () => cutOff,
    job: {
      endedAt: null,
      live: {
        input: {
          progress: () => ({ isEnded }),
          slowSinceMs: () => own.slowSinceMs,
          end: async (reason?: string) => {
            isEnded = true;
            cutOff = reason;
          },
        },
      },
    } as unknown as Job,
  };
  return own;
}

function open() {
  const places = createLivePlaces();
  const begin = (request: Partial<LivePlaceRequest> = {}, slowSinceMs: number | null = null): Session | string => {
    try {
      const own = session(slowSinceMs);
      places.take({ client: '', isFromNetwork: false, ...request }).giveTo(own.job);
      return own;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const beginMany = (count: number, request: (index: number) => Partial<LivePlaceRequest>, slowSinceMs?: number) =>
    Array.from({ length: count }, (_, index) => begin(request(index), slowSinceMs)).filter(
      (own): own is Session => typeof own !== 'string',
    );
  return { begin, beginMany, places };
}

test('a client that has its half of the places, all with sound, is refused more, and others are not', () => {
  const { begin, beginMany } = open();
  expect(beginMany(40, () => ({ client: 'many' }))).toHaveLength(16);
  expect(begin({ client: 'many' })).toBe('This client has 16 live sessions, which is as many as may be at a time.');
  expect(begin({ client: 'other' })).toMatchObject({ job: { endedAt: null } });
});

test('under invented names, sessions without sound give way, the one that has been so longest first', () => {
  const { begin, beginMany } = open();
  const idle = beginMany(31, (index) => ({ client: `invented-${index}` }), 2000);
  const talking = begin({ client: 'talks' }) as Session;
  const longest = idle[7] as Session;
  longest.slowSinceMs = 1000;
  expect(begin({ client: 'honest' })).toMatchObject({ job: { endedAt: null } });
  expect(idle.filter(({ isEnded }) => isEnded())).toEqual([longest]);
  expect(longest.cutOff()).toMatch('another one needed its place');
  expect(beginMany(30, (index) => ({ client: `more-${index}` }))).toHaveLength(30);
  expect(talking.isEnded()).toBe(false);
  expect(begin({ client: 'late' })).toMatch('There are 32 live sessions');
});

test('the network has half of the places', () => {
  const { begin, beginMany } = open();
  const fromNetwork = (index: number) => ({ client: `n-${index}`, isFromNetwork: true });
  expect(beginMany(40, fromNetwork)).toHaveLength(16);
  expect(begin({ client: 'late', isFromNetwork: true })).toMatch('The network has 16 live sessions');
  expect(begin({ client: 'socket' })).toMatchObject({ job: { endedAt: null } });
});

test('sessions that have no sound left count until they are transcribed', () => {
  const { begin, places } = open();
  const ended: Session[] = [];
  for (;;) {
    const own = begin({ client: `c-${ended.length % 8}` });
    if (typeof own === 'string') break;
    void own.job.live?.input.end();
    ended.push(own);
  }
  expect(ended).toHaveLength(64);
  Object.assign(ended[0]?.job ?? {}, { endedAt: new Date() });
  expect(begin({ client: 'next' })).toMatchObject({ job: { endedAt: null } });
  expect(() => places.take({ client: 'next', isFromNetwork: false })).toThrow('There are 64 live sessions');
});

test('a place that no session came of is free again', () => {
  const { places } = open();
  for (let count = 0; count < 100; count++) places.take({ client: 'one', isFromNetwork: false }).release();
});
