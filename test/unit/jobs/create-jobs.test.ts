import { expect, test } from '@jest/globals';
import pino from 'pino';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import { createJobs, type Jobs, type NewJob } from '../../../daemon/src/jobs/create-jobs.ts';
import type { Job } from '../../../daemon/src/jobs/job.ts';
import type { TranscriptionResult } from '../../../daemon/src/messages/engine-messages.ts';
import type { EngineTask, Supervisor } from '../../../daemon/src/supervisor/supervisor.ts';

const result: TranscriptionResult = {
  text: ' hello',
  language: 'en',
  languageProbabilities: null,
  durationSeconds: 1,
  segments: [],
  model: 'base',
  task: 'transcribe',
  audio: { durationSeconds: 1, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 },
  timings: { audioDecodeSeconds: 0, logMelSeconds: 0, encodeSeconds: 0, decodeSeconds: 0, totalSeconds: 0 },
  warnings: [],
};

interface Run {
  readonly task: EngineTask;
  readonly finish: () => void;
  readonly fail: (error: HearthError) => void;
}

/** A supervisor whose runs the test ends. */
function standIn() {
  const runs: Run[] = [];
  const supervisor = {
    run: (task: EngineTask) =>
      new Promise<TranscriptionResult>((resolve, reject) => {
        runs.push({ task, finish: () => resolve(result), fail: reject });
      }),
    cancel: (jobId: string) => {
      runs.findLast(({ task }) => task.jobId === jobId)?.fail(new HearthError('CANCELLED', 'cancelled'));
    },
  } as unknown as Supervisor;
  return { supervisor, runs };
}

function make(limits: { maxQueuedJobs?: number; maxFinishedJobs?: number } = {}) {
  const { supervisor, runs } = standIn();
  const released: string[] = [];
  const jobs = createJobs({
    supervisor,
    log: pino({ level: 'silent' }),
    maxQueuedJobs: 10,
    maxFinishedJobs: 10,
    ...limits,
  });
  const submit = (audioPath: string) => jobs.submit(newJob(audioPath, released));
  return { jobs, runs, released, submit };
}

function newJob(audioPath: string, released: string[]): NewJob {
  return {
    audioPath,
    modelFolder: '/model',
    options: {},
    release: async () => {
      released.push(audioPath);
    },
  };
}

async function endOf(jobs: Jobs, job: Job): Promise<string> {
  for await (const _ of job.events.follow(0));
  return jobs.look(job.id).state;
}

test('jobs run one at a time, in the order they came', async () => {
  const { jobs, runs, released, submit } = make();
  const [a, b] = [submit('a'), submit('b')];
  expect([jobs.look(a.id).queuePosition, jobs.look(b.id).queuePosition]).toEqual([null, 0]);
  expect(runs.map(({ task }) => task.audioPath)).toEqual(['a']);
  runs[0]?.finish();
  expect(await endOf(jobs, a)).toBe('done');
  runs[1]?.finish();
  expect(await endOf(jobs, b)).toBe('done');
  expect(released).toEqual(['a', 'b']);
  expect(jobs.look(b.id).result?.text).toBe(' hello');
});

test('a job whose engine crashed goes to the head of the queue once', async () => {
  const { jobs, runs, submit } = make();
  const [a, b] = [submit('a'), submit('b')];
  runs[0]?.fail(new HearthError('ENGINE_CRASHED', 'crashed'));
  await untilRuns(runs, 2);
  expect(runs[1]?.task.audioPath).toBe('a');
  runs[1]?.fail(new HearthError('ENGINE_CRASHED', 'crashed again'));
  expect(await endOf(jobs, a)).toBe('failed');
  expect(jobs.look(a.id).error).toMatchObject({ code: 'ENGINE_CRASHED', message: 'crashed again' });
  await untilRuns(runs, 3);
  runs[2]?.finish();
  expect(await endOf(jobs, b)).toBe('done');
});

test('a job can be cancelled while it waits and while it runs', async () => {
  const { jobs, runs, released, submit } = make();
  const [a, b] = [submit('a'), submit('b')];
  jobs.cancel(b.id);
  expect(await endOf(jobs, b)).toBe('cancelled');
  jobs.cancel(a.id);
  expect(await endOf(jobs, a)).toBe('cancelled');
  jobs.cancel(a.id);
  expect(released).toEqual(['b', 'a']);
  expect(runs).toHaveLength(1);
});

test('a full queue refuses, and has room again when a job has left it', () => {
  const { jobs, submit } = make({ maxQueuedJobs: 1 });
  submit('running');
  const waiting = submit('waiting');
  expect(() => submit('refused')).toThrow(expect.objectContaining({ code: 'QUEUE_FULL' }));
  jobs.cancel(waiting.id);
  expect(() => jobs.requireRoom()).not.toThrow();
});

test('finished jobs are kept up to their limit', async () => {
  const { jobs, runs, submit } = make({ maxFinishedJobs: 1 });
  const first = submit('first');
  runs[0]?.finish();
  await endOf(jobs, first);
  const second = submit('second');
  await untilRuns(runs, 2);
  runs[1]?.finish();
  await endOf(jobs, second);
  expect(jobs.list().map(({ id }) => id)).toEqual([second.id]);
  expect(() => jobs.get(first.id)).toThrow(expect.objectContaining({ code: 'JOB_NOT_FOUND' }));
});

test('stopping lets the running job end, drops what waits and takes no more', async () => {
  const { jobs, runs, submit } = make();
  const [running, waiting] = [submit('running'), submit('waiting')];
  const stopped = jobs.stop(60_000);
  expect(() => submit('late')).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }));
  runs[0]?.finish();
  await stopped;
  expect([await endOf(jobs, running), await endOf(jobs, waiting)]).toEqual(['done', 'cancelled']);
});

test('stopping cancels a job that outlasts the limit', async () => {
  const { jobs, submit } = make();
  const running = submit('running');
  await jobs.stop(0);
  expect(await endOf(jobs, running)).toBe('cancelled');
});

test('a second stop need not wait as long as the first', async () => {
  const { jobs, submit } = make();
  const running = submit('running');
  const stopped = jobs.stop(60_000);
  await jobs.stop(0);
  await stopped;
  expect(await endOf(jobs, running)).toBe('cancelled');
});

async function untilRuns(runs: readonly Run[], count: number): Promise<void> {
  while (runs.length < count) await new Promise((resolve) => setImmediate(resolve));
}
