import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../daemon/src/client/health.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/**
 * `node bench/durability/many-windows.ts [jobs]`: so many jobs at once, each of 12 windows that could all be decoded
 * together. The engine's memory must not grow with them.
 */
const [most = 3] = process.argv.slice(2).map(Number);
const windows = 12;
const mostGrowth = 1.3;
const clips = Array.from({ length: windows }, (_, index) => `clipTimestamps=${index}&clipTimestamps=${index + 1}`);
const query = `vad=false&language=en&temperature=0&history=false&priority=bulk&${clips.join('&')}`;
const body = JSON.stringify({ path: pathOf('test/fixtures/audio/LJ001-long.mp3') });

const peaks = [await peakOf(1), await peakOf(most)] as const;
const isFault = peaks[1] > peaks[0] * mostGrowth;
console.log({ jobs: [1, most], megabytes: peaks.map((bytes) => Math.round(bytes / 1e6)), isFault });
if (isFault) process.exitCode = 1;

async function peakOf(jobs: number): Promise<number> {
  const daemon = await startDaemon({ environment: { HEARTH_PRESET: 'maxSpeed' } });
  let isOver = false;
  let highest = 0;
  const headers = { 'content-type': 'application/json' };
  const work = Promise.all(
    Array.from({ length: jobs }, () => daemon.ask({ path: `/v1/transcriptions?${query}`, headers, body })),
  ).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const { engine } = await readResidency(daemon);
    highest = Math.max(highest, engine.memory?.residentBytes ?? 0);
    await delay(200);
  }
  const statuses = (await work).map(({ status }) => status);
  if (statuses.some((status) => status !== 200)) throw new Error(`Expected transcripts, got ${statuses.join(', ')}.`);
  await daemon.stop();
  return highest;
}
