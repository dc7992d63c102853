import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createLiveInput } from '../../../../daemon/src/server/jobs/live-input.ts';

test('a mark that follows the same one without sound between them says nothing new', async () => {
  let byteCount = 44;
  const upload = {
    path: '/nowhere',
    byteCount: () => byteCount,
    append: async (bytes: Uint8Array) => {
      byteCount += bytes.length;
    },
    close: async () => undefined,
  };
  const turns = { detection: 'marks', silenceSeconds: null, paddingSeconds: null } as const;
  const input = createLiveInput({ upload, turns });
  const told: number[] = [];
  input.onChange(({ marks }) => told.push(marks.length));
  const sender = input.attach();
  for (let i = 0; i < 1000; i++) sender.mark('clear');
  await sender.append(Buffer.alloc(100));
  sender.mark('clear');
  sender.mark('commit');
  await sender.end();
  expect(input.cutOff()).toBeNull();
  expect(input.progress().marks).toEqual([
    { type: 'clear', atByte: 44 },
    { type: 'clear', atByte: 144 },
    { type: 'commit', atByte: 144 },
  ]);
  expect(told).toEqual([1, 1, 2, 3, 3]);
});

test('a session ends although its file does not close', async () => {
  const upload = {
    ...{ path: '/nowhere', byteCount: () => 44, append: async () => undefined },
    close: () => Promise.reject(Object.assign(new Error('EIO: i/o error, close'), { code: 'EIO' })),
  };
  const turns = { detection: 'marks', silenceSeconds: null, paddingSeconds: null } as const;
  const input = createLiveInput({ upload, turns });
  const told: boolean[] = [];
  input.onChange(({ isEnded }) => told.push(isEnded));
  await input.end();
  expect(told).toEqual([true]);
});

test('a session that nothing is sent to ends, and says so', async () => {
  const upload = {
    ...{ path: '/nowhere', byteCount: () => 44, append: async () => undefined },
    close: async () => undefined,
  };
  const turns = { detection: 'voice', silenceSeconds: null, paddingSeconds: null } as const;
  const input = createLiveInput({ upload, turns, idleMs: 30 });
  const ended = new Promise<boolean>((resolve) => input.onChange(({ isEnded }) => resolve(isEnded)));
  input.attach();
  expect(await ended).toBe(true);
  expect(input.cutOff()).toBe('The session was ended, since no sound had come for 0.0005 minutes.');
  expect(() => input.attach()).toThrow('Expected a live session that goes on, got one that has ended.');
});

test('a session that gets less than any sound is slow, until enough comes', async () => {
  let byteCount = 44;
  const upload = {
    path: '/nowhere',
    byteCount: () => byteCount,
    append: async (bytes: Uint8Array) => {
      await setImmediate();
      byteCount += bytes.length;
    },
    close: async () => undefined,
  };
  const turns = { detection: 'voice', silenceSeconds: null, paddingSeconds: null } as const;
  const input = createLiveInput({ upload, turns, slowMs: 20 });
  const sender = input.attach();
  while (input.slowSinceMs() === null) await sender.append(Buffer.alloc(1));
  // A long moment of sound at once.
  await sender.append(Buffer.alloc(4096));
  expect(input.slowSinceMs()).toBe(null);
  await input.end();
});
