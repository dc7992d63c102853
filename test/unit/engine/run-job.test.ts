import { expect, test } from '@jest/globals';
import { createSoundRoom } from '../../../daemon/src/engine/audio/sound-room.ts';
import { type RunJobRequest, runJob } from '../../../daemon/src/engine/run-job.ts';

test.each(['interactive', 'bulk'] as const)(
  'the recording of an %s job is not opened before there is room for its sound',
  async (priority) => {
    const { signal } = new AbortController();
    const soundRooms = { interactive: createSoundRoom(1), bulk: createSoundRoom(1) };
    const other = await soundRooms[priority].enter(signal);
    other.hold([{ sampleCount: 1 }]);
    const told: string[] = [];
    const steps = runJob({
      soundRooms,
      residency: { use: async () => ({ release: () => told.push('released') }) },
      voiceActivity: {
        network: () => {
          told.push('opens');
          throw new Error('no further');
        },
      },
      command: { jobId: 'a', priority, options: {}, modelFolder: '/models/base', audioPath: '/a.wav' },
      signal,
    } as unknown as RunJobRequest);
    expect((await steps.next()).value).toMatchObject({ type: 'job-started' });
    const ended = steps.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    other.leave();
    await expect(ended).rejects.toThrow('no further');
    expect(told).toEqual(['opens', 'released']);
  },
);
