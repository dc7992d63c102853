import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLiveFeeds, type LiveFeed } from '../../../../daemon/src/engine/live/live-feed.ts';
import { openLiveSound } from '../../../../daemon/src/engine/live/live-sound.ts';
import { wavHeader } from '../../../../daemon/src/server/http/live/wav-header.ts';

test('an end that is told while the header is read is not missed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-live-'));
  const path = join(folder, 'talk.wav');
  const part = wavHeader({ encoding: 's16', rate: 16_000, channels: 1 }).subarray(0, 20);
  await writeFile(path, part);
  const feeds = createLiveFeeds();
  const feed = feeds.open('job', { byteCount: part.length, isEnded: false, marks: [] });
  const watched: LiveFeed = {
    ...feed,
    progress() {
      const seen = feed.progress();
      if (!seen.isEnded)
        queueMicrotask(() => feeds.update('job', { byteCount: part.length, isEnded: true, newMarks: [] }));
      return seen;
    },
  };
  const growAudio = () => {
    throw new Error('There is no sound.');
  };
  const { signal } = new AbortController();
  const opened = openLiveSound({ native: { growAudio }, path, feed: watched, fromSeconds: 0, signal });
  await expect(opened).rejects.toMatchObject({ code: 'AUDIO_EMPTY' });
  await rm(folder, { recursive: true });
});
