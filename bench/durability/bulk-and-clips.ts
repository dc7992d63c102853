import { createReadStream, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../daemon/src/client/health.ts';
import { cancelJob, getJob } from '../../daemon/src/client/jobs.ts';
import { transcribe } from '../../daemon/src/client/transcriptions.ts';
import type { JobDetails } from '../../daemon/src/protocol/job.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';
import { describeBudget } from '../budgets.ts';
import { spreadOf } from '../spread.ts';
import { longReading } from './long-reading.ts';

/**
 * `node bench/durability/bulk-and-clips.ts [minutes] [jobs] [hours] [preset]`: so many bulk jobs of so many hours each, and a
 * clip every few seconds for some minutes; then all jobs are cancelled, half of them while they run. Prints the engine's
 * memory, how long a clip takes alone and beside them, and how far every job has come. A clip that takes other windows or
 * steps than alone, a job that was passed over, or one that cannot be cancelled is a fault. That a clip waits for one
 * step or one encoder pass at most is counted in test/engine/scheduling.test.ts.
 */
const [minutes = 3, jobs = 24, hours = 1] = process.argv.slice(2, 5).map(Number);
const preset = process.argv[5] ?? 'maxSpeed';
const clip = pathOf('assets/samples/jfk.flac');
const pauseMs = 3000;
const aloneRounds = 3;

const folder = await mkdtemp(join(tmpdir(), 'hearth-bulk-'));
const path = join(folder, 'hours.mp3');
await writeFile(path, longReading(hours));
const daemon = await startDaemon({ environment: { HEARTH_PRESET: preset } });
let peakBytes = 0;

const alone: Clip[] = [];
for (let round = 0; round < aloneRounds; round++) alone.push(await hearClip());
const idleBytes = (await lookAtMemory()) ?? 0;
peakBytes = 0;

const ids: string[] = [];
for (let i = 0; i < jobs; i++) ids.push(await submit());
const beside: Clip[] = [];
const endMs = performance.now() + minutes * 60_000;
while (performance.now() < endMs) {
  await delay(pauseMs);
  beside.push(await hearClip());
  await lookAtMemory();
}

const before = await details();
const cancelled: number[] = [];
for (const id of ids) cancelled.push(await cancel(id));
const after = await details();
const restingBytes = await lookAtMemory();
const clipAfter = await hearClip();
await daemon.stop();
await rm(folder, { recursive: true });

const work = (each: Clip) => `${each.windows} windows, ${each.steps} steps`;
const isOther = [...beside, clipAfter].some((each) => work(each) !== work(alone[0] as Clip));
const begun = before.filter(({ processedSeconds }) => processedSeconds > 0);
const firstUnbegun = before.findIndex(({ processedSeconds }) => processedSeconds === 0);
const isPassedOver = firstUnbegun >= 0 && begun.some((job) => ids.indexOf(job.id) > firstUnbegun + 24);
const isLeft = after.some(({ state }) => state !== 'cancelled' && state !== 'done');
console.log({
  jobs: `${jobs} of ${hours} h, preset ${preset}`,
  megabytes: { idle: mega(idleBytes), peak: mega(peakBytes), resting: mega(restingBytes ?? 0) },
  clipAlone: `${work(alone[0] as Clip)}; ${seconds(alone)}`,
  clipBeside: `${beside.length} of them; ${seconds(beside)}`,
  // Where all stages take longer than alone, other programs had the processors; work of others is in the rest.
  slowest: beside
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, 3)
    .map(stages),
  alone: alone.map(stages),
  cancelMs: `median ${Math.round(median(cancelled))}, at most ${Math.round(Math.max(...cancelled))}`,
  running: before.filter(({ state }) => state === 'running').length,
  processedSeconds: before.map(({ processedSeconds }) => Math.round(processedSeconds)).join(' '),
  isFault: isOther || isPassedOver || isLeft,
});
const aloneSeconds = median(alone.map((each) => each.seconds));
// What the clip may wait for, as it takes alone.
const limit = median(alone.map(({ encoderPassSeconds, stepSeconds }) => encoderPassSeconds + 2 * stepSeconds));
console.log(
  describeBudget({
    measure: `a clip beside ${jobs} bulk jobs, extra wait`,
    limit: Math.round(limit * 100) / 100,
    unit: ' s',
    measured: spreadOf(beside.map((each) => each.seconds - aloneSeconds)),
  }),
);
if (isOther || isPassedOver || isLeft) process.exitCode = 1;

interface Clip {
  readonly seconds: number;
  readonly windows: number;
  readonly steps: number;
  readonly encoderPassSeconds: number;
  readonly stepSeconds: number;
  readonly openSeconds: number;
}

async function hearClip(): Promise<Clip> {
  const startedMs = performance.now();
  const recording = { audio: createReadStream(clip), byteCount: statSync(clip).size };
  const { timings } = await transcribe(daemon, { ...recording, options: { language: 'en', history: false } });
  const { windows, decoder_steps: steps, encode, decode, audio_decode: openSeconds } = timings;
  const seconds = (performance.now() - startedMs) / 1000;
  return { seconds, windows, steps, encoderPassSeconds: encode / windows, stepSeconds: decode / steps, openSeconds };
}

function stages({ seconds, steps, encoderPassSeconds, stepSeconds, openSeconds }: Clip): string {
  const decode = steps * stepSeconds;
  const rest = seconds - encoderPassSeconds - decode - openSeconds;
  const parts = { open: openSeconds, encode: encoderPassSeconds, decode, rest };
  const named = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `${seconds.toFixed(2)} s: ${named.join(', ')}`;
}

async function submit(): Promise<string> {
  const answer = await daemon.ask({
    path: '/v1/transcriptions?detach=true&priority=bulk&history=false&language=en',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  });
  return answer.json<{ id: string }>().id;
}

function details(): Promise<JobDetails[]> {
  return Promise.all(ids.map((id) => getJob(daemon, id)));
}

/** Until the job has ended, in milliseconds. */
async function cancel(id: string): Promise<number> {
  const startedMs = performance.now();
  await cancelJob(daemon, id);
  while (['queued', 'running'].includes((await getJob(daemon, id)).state)) await delay(5);
  return performance.now() - startedMs;
}

async function lookAtMemory(): Promise<number | undefined> {
  const { engine } = await readResidency(daemon);
  peakBytes = Math.max(peakBytes, engine.memory?.residentBytes ?? 0);
  return engine.memory?.residentBytes;
}

function seconds(clips: readonly Clip[]): string {
  const taken = clips.map((each) => each.seconds);
  return `median ${median(taken).toFixed(2)} s, at most ${Math.max(...taken).toFixed(2)} s`;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function mega(bytes: number): number {
  return Math.round(bytes / 1e6);
}
