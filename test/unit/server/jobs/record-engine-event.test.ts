import { expect, test } from '@jest/globals';
import type { EngineEvent } from '../../../../daemon/src/protocol/engine-messages.ts';
import type { JobEvent } from '../../../../daemon/src/protocol/job-events.ts';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import type { Job } from '../../../../daemon/src/server/jobs/job.ts';
import { createLiveInput } from '../../../../daemon/src/server/jobs/live-input.ts';
import { newLiveJob } from '../../../../daemon/src/server/jobs/live-job.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';
import { recordEngineEvent } from '../../../../daemon/src/server/jobs/record-engine-event.ts';

const jobId = 'job';

function startJob(): Job {
  return newJob({
    id: jobId,
    audioPath: '/recording.wav',
    uploaded: true,
    name: null,
    priority: 'interactive',
    detached: false,
    kept: true,
    client: '',
    modelFolder: '/model',
    options: {},
    createdAt: new Date(),
  });
}

const opened: EngineEvent = {
  type: 'audio-opened',
  jobId,
  audio: { durationSeconds: 90, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 },
};
const detected: EngineEvent = { type: 'language-detected', jobId, language: 'en', probability: 0.9 };

function decoded(processedSeconds: number, ...ids: number[]): EngineEvent {
  const segments = ids.map((id) => ({
    id,
    seek: 0,
    start: 0,
    end: 1,
    text: ` ${id}`,
    tokens: [],
    temperature: 0,
    avg_logprob: 0,
    compression_ratio: 1,
    no_speech_prob: 0,
  }));
  return { type: 'segments-decoded', jobId, segments, processedSeconds };
}

async function heard(job: Job): Promise<JobEvent[]> {
  job.events.append({ type: 'job-cancelled' });
  const events: JobEvent[] = [];
  for await (const event of job.events.follow(0)) events.push(event);
  return events.slice(0, -1);
}

test('followers hear what the engine says, and the job remembers how far it is', async () => {
  const job = startJob();
  for (const event of [opened, detected, decoded(30, 0, 1), decoded(60)]) recordEngineEvent(job, event);
  expect(job).toMatchObject({ durationSeconds: 90, language: 'en', processedSeconds: 60, segmentCount: 2 });
  expect((await heard(job)).map(({ type }) => type)).toEqual([
    'audio-opened',
    'language-detected',
    'segments-decoded',
    'segments-decoded',
  ]);
});

test('followers are shown how the model comes along that the job waits for, and its end is kept', async () => {
  const job = startJob();
  const live = job.events.follow(0);
  const next = live.next();
  recordEngineEvent(job, { type: 'model-loading', modelFolder: '/models/base', progress: 0.5 });
  expect((await next).value).toEqual({ jobId, type: 'model-loading', model: 'base', progress: 0.5 });
  recordEngineEvent(job, { type: 'model-ready', model: { name: 'base' } as LoadedModel });
  expect(await heard(job)).toEqual([{ seq: 0, jobId, type: 'model-ready', model: 'base' }]);
});

test('a job that starts again after a crash tells nothing twice', async () => {
  const job = startJob();
  for (const event of [opened, detected, decoded(30, 0, 1)]) recordEngineEvent(job, event);
  for (const event of [opened, detected, decoded(30, 0, 1), decoded(60, 2)]) recordEngineEvent(job, event);
  const events = await heard(job);
  expect(events.map(({ type }) => type)).toEqual([
    'audio-opened',
    'language-detected',
    'segments-decoded',
    'segments-decoded',
  ]);
  const texts = events.flatMap((event) => (event.type === 'segments-decoded' ? event.segments : []));
  expect(texts.map(({ text }) => text)).toEqual([' 0', ' 1', ' 2']);
});

test('an engine that goes on with a live session does not say again that a speaker began and stopped', async () => {
  const upload = { path: '', byteCount: () => 44, append: async () => undefined, close: async () => undefined };
  const turns = { detection: 'voice', silenceSeconds: null, paddingSeconds: null } as const;
  const input = createLiveInput({ upload, turns });
  const job = { ...startJob(), live: newLiveJob(input) };
  const utterance = (atSeconds: number): readonly EngineEvent[] => [
    { type: 'speech-started', jobId, atSeconds },
    { type: 'speech-stopped', jobId, atSeconds: atSeconds + 1 },
  ];
  const done: EngineEvent = { type: 'utterance-done', jobId, startSeconds: 0, endSeconds: 3 };
  for (const event of [...utterance(1), ...utterance(1), done, ...utterance(4), done]) recordEngineEvent(job, event);
  await input.end();
  const types = ['speech-started', 'speech-stopped', 'utterance-done'];
  expect((await heard(job)).map(({ type }) => type)).toEqual([...types, ...types]);
});

test('what the engine says of a job that has ended is not heard', async () => {
  const job = { ...startJob(), endedAt: new Date() };
  recordEngineEvent(job, decoded(30, 0));
  expect(await heard(job)).toEqual([]);
});
