import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import {
  createJobs,
  type JobSteps,
  type Jobs,
  type JobsRequest,
  type TranscribeCommand,
} from '../../../daemon/src/engine/jobs.ts';
import { HearthError } from '../../../daemon/src/errors/hearth-error.ts';
import type { EngineEvent } from '../../../daemon/src/protocol/engine-messages.ts';
import type { Transcript } from '../../../daemon/src/protocol/transcript.ts';
import { noTimings } from '../../stand-ins/timings.ts';

function command(jobId: string, priority: 'interactive' | 'bulk' = 'interactive'): TranscribeCommand {
  return { type: 'transcribe', jobId, audioPath: `/${jobId}.wav`, modelFolder: '/model', options: {}, priority };
}

function result(text: string): Transcript {
  return {
    text,
    language: 'en',
    language_probability: null,
    language_probabilities: null,
    duration: 1,
    segments: [],
    model: 'model',
    task: 'transcribe',
    timings: noTimings,
    warnings: [],
  };
}

interface Observed {
  readonly jobs: Jobs;
  /** What they sent, as `type jobId code`. */
  readonly sent: readonly string[];
  readonly ended: (jobId: string) => Promise<void>;
}

function observeJobs(
  run: JobsRequest['run'],
  onEvent: (event: EngineEvent, jobs: Jobs) => unknown = () => {},
): Observed {
  const sent: string[] = [];
  const ends = new EventEmitter();
  const jobs = createJobs({
    run,
    send(event) {
      if (!('jobId' in event)) return;
      sent.push([event.type, event.jobId, ...(event.type === 'job-failed' ? [event.error.code] : [])].join(' '));
      onEvent(event, jobs);
      if (event.type === 'job-done' || event.type === 'job-failed') ends.emit(event.jobId);
    },
  });
  return {
    jobs,
    sent,
    async ended(jobId) {
      await once(ends, jobId);
    },
  };
}

/** Runs jobs `a` and `b` to their ends. */
async function runTwoJobs(...args: Parameters<typeof observeJobs>): Promise<readonly string[]> {
  const { jobs, sent, ended } = observeJobs(...args);
  const bothEnded = Promise.all([ended('a'), ended('b')]);
  jobs.add(command('a'));
  jobs.add(command('b'));
  await bothEnded;
  return sent;
}

async function* twoSteps({ jobId }: TranscribeCommand): JobSteps {
  yield { type: 'job-started', jobId };
  yield { type: 'segments-decoded', jobId, segments: [], processedSeconds: 1 };
  return result(jobId);
}

test('jobs of a kind take their steps side by side', async () => {
  expect(await runTwoJobs(twoSteps)).toEqual([
    'job-started a',
    'job-started b',
    'segments-decoded a',
    'segments-decoded b',
    'job-done a',
    'job-done b',
  ]);
});

test('an interactive job runs between two steps of a bulk one, which then goes on', async () => {
  const { jobs, sent, ended } = observeJobs(twoSteps, (event, jobs) => {
    if (event.type === 'job-started' && event.jobId === 'bulk') jobs.add(command('interactive'));
  });
  jobs.add(command('bulk', 'bulk'));
  await ended('bulk');
  expect(sent).toEqual([
    'job-started bulk',
    'job-paused bulk',
    'job-started interactive',
    'segments-decoded interactive',
    'job-done interactive',
    'job-resumed bulk',
    'segments-decoded bulk',
    'job-done bulk',
  ]);
});

test('a bulk job does not begin while there is an interactive one, and begins after it', async () => {
  const { jobs, sent, ended } = observeJobs(twoSteps);
  jobs.add(command('interactive'));
  jobs.add(command('bulk', 'bulk'));
  await ended('bulk');
  expect(sent.indexOf('job-started bulk')).toBeGreaterThan(sent.indexOf('job-done interactive'));
  expect(sent).not.toContain('job-paused bulk');
});

test('bulk jobs take a step each time that four clips have passed them, however many follow without a gap', async () => {
  let clips = 0;
  const passing: string[] = [];
  const { jobs, sent, ended } = observeJobs(twoSteps, (event, jobs) => {
    if (!('jobId' in event)) return;
    if (event.type === 'job-done' && event.jobId.startsWith('clip')) clips += 1;
    if (event.jobId.startsWith('bulk')) passing.push(`${event.type} ${event.jobId} after ${clips}`);
    // The next clip is there before the last one has ended, until both bulk jobs are done.
    const isFollowed = event.type === 'segments-decoded' && event.jobId.startsWith('clip') && clips < 40;
    if (isFollowed && !sent.includes('job-done bulk 2')) jobs.add(command(`clip ${clips + 2}`));
  });
  jobs.add(command('clip 1'));
  jobs.add(command('bulk 1', 'bulk'));
  jobs.add(command('bulk 2', 'bulk'));
  await Promise.all([ended('bulk 1'), ended('bulk 2')]);
  expect(clips).toBeLessThan(20);
  expect(passing.filter((line) => line.includes('bulk 1'))).toEqual([
    'job-started bulk 1 after 4',
    'job-paused bulk 1 after 4',
    'job-resumed bulk 1 after 8',
    'segments-decoded bulk 1 after 8',
    'job-paused bulk 1 after 8',
    'job-resumed bulk 1 after 12',
    'job-done bulk 1 after 12',
  ]);
});

test('a bulk job that stands still is cancelled without waiting for the interactive one', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { jobs, sent, ended } = observeJobs(
    async function* (command) {
      yield { type: 'job-started', jobId: command.jobId };
      if (command.priority === 'interactive') await released;
      return result(command.jobId);
    },
    (event, jobs) => {
      if (event.type === 'job-started' && event.jobId === 'bulk') jobs.add(command('interactive'));
      if (event.type === 'job-started' && event.jobId === 'interactive') setImmediate(() => jobs.cancel('bulk'));
      if (event.type === 'job-failed') release();
    },
  );
  jobs.add(command('bulk', 'bulk'));
  await ended('interactive');
  expect(sent).toEqual([
    'job-started bulk',
    'job-paused bulk',
    'job-started interactive',
    'job-failed bulk CANCELLED',
    'job-done interactive',
  ]);
});

test('a job that comes when there is none runs', async () => {
  const { jobs, sent, ended } = observeJobs(twoSteps);
  for (const jobId of ['first', 'second']) {
    jobs.add(command(jobId));
    await ended(jobId);
  }
  expect(sent.filter((line) => line.startsWith('job-done'))).toEqual(['job-done first', 'job-done second']);
});

test('a job that throws fails with its code, and others go on', async () => {
  const sent = await runTwoJobs(async function* ({ jobId }) {
    yield { type: 'job-started', jobId };
    if (jobId === 'a') throw new HearthError('AUDIO_CORRUPT', 'Expected audio, got noise.');
    return result(jobId);
  });
  expect(sent).toEqual(['job-started a', 'job-started b', 'job-failed a AUDIO_CORRUPT', 'job-done b']);
});

test('a job that is cancelled in the middle of a step fails with CANCELLED, whatever the step makes of it', async () => {
  const { jobs, sent, ended } = observeJobs(async function* ({ jobId }, signal) {
    yield { type: 'job-started', jobId };
    queueMicrotask(() => jobs.cancel(jobId));
    await once(signal, 'abort');
    throw new Error('The child process was killed.');
  });
  jobs.add(command('a'));
  await ended('a');
  expect(sent).toEqual(['job-started a', 'job-failed a CANCELLED']);
});

test('a job that is cancelled between two steps closes what it holds', async () => {
  const closed: string[] = [];
  const sent = await runTwoJobs(
    async function* (command) {
      try {
        return yield* twoSteps(command);
      } finally {
        closed.push(command.jobId);
      }
    },
    (event, jobs) => event.type === 'job-started' && jobs.cancel('a'),
  );
  expect(sent.filter((line) => line.endsWith(' a') || line.includes(' a '))).toEqual([
    'job-started a',
    'job-failed a CANCELLED',
  ]);
  expect(closed).toEqual(['a', 'b']);
});

test('a job that has not begun and is cancelled is told at once, and never starts', async () => {
  const { jobs, sent, ended } = observeJobs(twoSteps);
  jobs.add(command('interactive'));
  jobs.add(command('bulk', 'bulk'));
  jobs.cancel('bulk');
  await ended('interactive');
  expect(sent).toContain('job-failed bulk CANCELLED');
  expect(sent).not.toContain('job-started bulk');
});

test('cancelling all ends every job', async () => {
  const sent = await runTwoJobs(twoSteps, (event, jobs) => event.type === 'job-started' && jobs.cancelAll());
  expect(sent).toEqual(['job-started a', 'job-started b', 'job-failed a CANCELLED', 'job-failed b CANCELLED']);
});

test('cancelling an unknown job changes nothing', async () => {
  const sent = await runTwoJobs(twoSteps, (_event, jobs) => jobs.cancel('unknown'));
  expect(sent.at(-1)).toBe('job-done b');
});
