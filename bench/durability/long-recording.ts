import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../daemon/src/client/health.ts';
import { getJob } from '../../daemon/src/client/jobs.ts';
import { submitJob } from '../../daemon/src/client/transcriptions.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { longReading } from './long-reading.ts';

/** `node bench/durability/long-recording.ts [hours]`: an mp3 of this many hours as a detached job. */
const [hours = 3] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'hearth-long-'));
const path = join(folder, 'long.mp3');
await writeFile(path, longReading(hours));

const daemon = await startDaemon();
const heapBytes = async () => {
  const { text } = await daemon.ask({ path: '/metrics' });
  return Number(/^hearth_server_heap_bytes (\S+)$/m.exec(text)?.[1]);
};
const heapBefore = await heapBytes();
let heapHighest = 0;
const startedAt = performance.now();
const recording = { audio: createReadStream(path), byteCount: null };
let job = await submitJob(daemon, { ...recording, options: { language: 'en' } });
do {
  await delay(2000);
  job = await getJob(daemon, job.id);
  heapHighest = Math.max(heapHighest, await heapBytes());
} while (job.state === 'queued' || job.state === 'running');
const { engine } = await readResidency(daemon);
console.log({
  ...{ state: job.state, durationSeconds: job.durationSeconds, seconds: (performance.now() - startedAt) / 1000 },
  segments: job.result?.segments.length,
  lastSegmentEndsAt: job.result?.segments.at(-1)?.end,
  readingsFound: job.result?.text.match(/in the only sense/g)?.length,
  heapGrowthBytes: heapHighest - heapBefore,
  engineResidentBytes: engine.memory?.residentBytes,
});
await daemon.stop();
await rm(folder, { recursive: true });
