import { createReadStream, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readHealth, readResidency } from '../../../daemon/src/client/health.ts';
import { cancelJob, listJobs } from '../../../daemon/src/client/jobs.ts';
import type { JobEvent } from '../../../daemon/src/protocol/job-events.ts';
import { type Clip, clipOptions, readClips } from './clips.ts';
import { type RunningDaemon, startDaemon } from './start-daemon.ts';

export interface UploadsRequest {
  readonly uploads: number;
  readonly engineKills: number;
  readonly random: () => number;
}

export interface UploadsOutcome {
  readonly done: number;
  readonly cancelled: number;
  readonly brokenOff: number;
  readonly engineKills: number;
  readonly wrong: readonly string[];
  /** Jobs whose events end more than once or not at all, or whose state is none of the final ones. */
  readonly withoutOneEnd: number;
  readonly spooled: number;
  readonly restarts: number;
  readonly residentBytesBefore: number;
  readonly residentBytesAfter: number;
  readonly seconds: number;
}

type Fate = 'undisturbed' | 'broken-off' | 'cancelled';

const finalStates = new Set(['done', 'failed', 'cancelled']);

/** Sends many recordings at once; some break off, some are cancelled, and the engine is killed on the way. */
export async function disturbUploads(request: UploadsRequest): Promise<UploadsOutcome> {
  const environment = {
    ...{ HEARTH_MAX_QUEUED_JOBS: '1000', HEARTH_MAX_QUEUED_JOBS_PER_CLIENT: '1000' },
    ...{ HEARTH_MAX_FINISHED_JOBS: '1000', HEARTH_HISTORY_ENTRIES: '0' },
  };
  const daemon = await startDaemon({ environment });
  try {
    return await disturb(daemon, request);
  } finally {
    await daemon.stop();
  }
}

async function disturb(
  daemon: RunningDaemon,
  { uploads, engineKills, random }: UploadsRequest,
): Promise<UploadsOutcome> {
  const clips = await readClips(daemon, uploads);
  const residentBytesBefore = await residentBytes(daemon);
  const startedAt = performance.now();
  const sending = Promise.all(
    Array.from({ length: uploads }, (_, index) => {
      const fate: Fate = index % 20 === 7 ? 'broken-off' : index % 20 === 13 ? 'cancelled' : 'undisturbed';
      return send(daemon, { clip: clips[Math.floor(random() * clips.length)] as Clip, fate });
    }),
  );
  const [outcomes] = await Promise.all([sending, killEngines(daemon, engineKills, uploads)]);
  while (!(await isIdle(daemon))) await delay(50);
  const seconds = (performance.now() - startedAt) / 1000;
  const withoutOneEnd = await countWithoutOneEnd(daemon);
  const { engine } = await readHealth(daemon);
  const spooled = (await daemon.spooled()).length;
  const residentBytesAfter = await residentBytes(daemon);
  return {
    done: outcomes.filter((outcome) => outcome === 'done').length,
    cancelled: outcomes.filter((outcome) => outcome === 'cancelled').length,
    brokenOff: outcomes.filter((outcome) => outcome === 'broken-off').length,
    wrong: outcomes.filter((outcome) => !['done', 'cancelled', 'broken-off'].includes(outcome)),
    ...{ engineKills, withoutOneEnd, spooled, restarts: engine.restarts },
    ...{ residentBytesBefore, residentBytesAfter, seconds },
  };
}

/** Kills the engine at even shares of the batch, each time when it has taken jobs again. */
async function killEngines(daemon: RunningDaemon, kills: number, uploads: number): Promise<void> {
  for (let kill = 1; kill <= kills; kill++) {
    const share = (kill / (kills + 1)) * uploads;
    for (;;) {
      const jobs = await listJobs(daemon);
      const { engine } = await readResidency(daemon);
      if (engine.status === 'failed') throw new Error('Expected an engine that comes back, got none.');
      if (jobs.filter(({ endedAt }) => endedAt !== null).length >= share && engine.status === 'ready') {
        process.kill(engine.processId as number, 'SIGKILL');
        break;
      }
      await delay(50);
    }
    await delay(200);
  }
}

async function send(daemon: RunningDaemon, { clip, fate }: { clip: Clip; fate: Fate }): Promise<string> {
  const path = `/v1/transcriptions?${new URLSearchParams(clipOptions)}&format=ndjson`;
  const headers = { host: 'localhost' };
  const sent = httpRequest({ socketPath: daemon.socketPath, method: 'POST', path, headers });
  sent.on('error', () => undefined);
  if (fate === 'broken-off') {
    const bytes = readFileSync(clip.path);
    sent.write(bytes.subarray(0, bytes.length / 2), () => sent.destroy());
    await new Promise((resolve) => sent.on('close', resolve));
    return fate;
  }
  const response = new Promise<IncomingMessage>((resolve) => sent.on('response', resolve));
  createReadStream(clip.path).pipe(sent);
  const lines = (await response).setEncoding('utf8');
  let text = '';
  for await (const chunk of lines) {
    text += chunk;
    const jobId = /"jobId":"([^"]+)"/.exec(text)?.[1];
    if (fate === 'cancelled' && jobId !== undefined) await cancelJob(daemon, jobId);
  }
  const last = JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as JobEvent;
  if (last.type === 'job-done') return last.result.text === clip.text ? 'done' : `${clip.name}: ${last.result.text}`;
  if (last.type === 'job-cancelled' && fate === 'cancelled') return 'cancelled';
  return `${clip.name}: ${JSON.stringify(last)}`;
}

async function isIdle(daemon: RunningDaemon): Promise<boolean> {
  const { jobs, engine } = await readHealth(daemon);
  return jobs.queued === 0 && jobs.running === 0 && engine.status === 'ready';
}

async function countWithoutOneEnd(daemon: RunningDaemon): Promise<number> {
  let count = 0;
  for (const { id, state } of await listJobs(daemon)) {
    const { text } = await daemon.ask({ path: `/v1/jobs/${id}/events` });
    const ends = text.match(/"type":"job-(done|failed|cancelled)"/g) ?? [];
    if (ends.length !== 1 || !finalStates.has(state)) count++;
  }
  return count;
}

async function residentBytes(daemon: RunningDaemon): Promise<number> {
  const { server } = await readResidency(daemon);
  return server.residentBytes;
}
