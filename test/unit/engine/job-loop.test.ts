import { EventEmitter, once } from 'node:events';
import { expect, test } from '@jest/globals';
import {
  createJobLoop,
  type JobLoop,
  type JobLoopRequest,
  type JobSteps,
  type TranscribeCommand,
} from '../../../daemon/src/engine/job-loop.ts';
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
  readonly loop: JobLoop;
  /** What the loop sent, as `type jobId code`. */
  readonly sent: readonly string[];
  readonly ended: (jobId: string) => Promise<void>;
}

function observeLoop(
  run: JobLoopRequest['run'],
  onEvent: (event: EngineEvent, loop: JobLoop) => unknown = () => {},
  limit: number | (() => number) = 1,
): Observed {
  const sent: string[] = [];
  const ends = new EventEmitter();
  const loop = createJobLoop({
    run,
    limit: typeof limit === 'number' ? () => limit : limit,
    send(event) {
      if (!('jobId' in event)) return;
      sent.push([event.type, event.jobId, ...(event.type === 'job-failed' ? [event.error.code] : [])].join(' '));
      onEvent(event, loop);
      if (event.type === 'job-done' || event.type === 'job-failed') ends.emit(event.jobId);
    },
  });
  return {
    loop,
    sent,
    async ended(jobId) {
      await once(ends, jobId);
    },
  };
}

/** Runs jobs `a` and `b` to their ends. */
async function runTwoJobs(...args: Parameters<typeof observeLoop>): Promise<readonly string[]> {
  const { loop, sent, ended } = observeLoop(...args);
  const bothEnded = Promise.all([ended('a'), ended('b')]);
  loop.add(command('a'));
  loop.add(command('b'));
  await bothEnded;
  return sent;
}

async function* twoSteps({ jobId }: TranscribeCommand): JobSteps {
  yield { type: 'job-started', jobId };
  yield { type: 'segments-decoded', jobId, segments: [], processedSeconds: 1 };
  return result(jobId);
}

test('jobs run one after the other, in the order they came', async () => {
  expect(await runTwoJobs(twoSteps)).toEqual([
    'job-started a',
    'segments-decoded a',
    'job-done a',
    'job-started b',
    'segments-decoded b',
    'job-done b',
  ]);
});

test('an interactive job runs between two steps of a bulk one, which then goes on', async () => {
  const { loop, sent, ended } = observeLoop(twoSteps, (event, loop) => {
    if (event.type === 'job-started' && event.jobId === 'bulk') loop.add(command('interactive'));
  });
  loop.add(command('bulk', 'bulk'));
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

test('as many jobs as may run at once take their steps side by side', async () => {
  const sent = await runTwoJobs(twoSteps, undefined, 2);
  expect(sent).toEqual([
    'job-started a',
    'job-started b',
    'segments-decoded a',
    'segments-decoded b',
    'job-done a',
    'job-done b',
  ]);
});

test('jobs that have begun go on beside each other when fewer may begin than before', async () => {
  // As windows in a batch: each waits until all have asked.
  const asked = new Map<string, () => void>();
  let limit = 2;
  async function* together({ jobId }: TranscribeCommand): JobSteps {
    yield { type: 'job-started', jobId };
    if (jobId !== 'later') {
      await new Promise<void>((resolve) => {
        asked.set(jobId, resolve);
        limit = 1;
        if (asked.size === 2) for (const answer of asked.values()) answer();
      });
    }
    yield { type: 'segments-decoded', jobId, segments: [], processedSeconds: 1 };
    return result(jobId);
  }
  const { loop, sent, ended } = observeLoop(together, undefined, () => limit);
  const all = Promise.all(['a', 'b', 'later'].map(ended));
  for (const jobId of ['a', 'b', 'later']) loop.add(command(jobId));
  await all;
  expect(sent.filter((line) => line.startsWith('job-done'))).toEqual(['job-done a', 'job-done b', 'job-done later']);
  expect(sent.indexOf('job-started later')).toBeGreaterThan(sent.indexOf('job-done a'));
});

test('a bulk job that stands still is cancelled without waiting for the interactive one', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { loop, sent, ended } = observeLoop(
    async function* (command) {
      yield { type: 'job-started', jobId: command.jobId };
      if (command.priority === 'interactive') await released;
      return result(command.jobId);
    },
    (event, loop) => {
      if (event.type === 'job-started' && event.jobId === 'bulk') loop.add(command('interactive'));
      if (event.type === 'job-started' && event.jobId === 'interactive') setImmediate(() => loop.cancel('bulk'));
      if (event.type === 'job-failed') release();
    },
  );
  loop.add(command('bulk', 'bulk'));
  await ended('interactive');
  expect(sent).toEqual([
    'job-started bulk',
    'job-paused bulk',
    'job-started interactive',
    'job-failed bulk CANCELLED',
    'job-done interactive',
  ]);
});

test('a job that comes when the loop is idle runs', async () => {
  const { loop, sent, ended } = observeLoop(twoSteps);
  for (const jobId of ['first', 'second']) {
    loop.add(command(jobId));
    await ended(jobId);
  }
  expect(sent.filter((line) => line.startsWith('job-done'))).toEqual(['job-done first', 'job-done second']);
});

test('a job that throws fails with its code and the next one runs', async () => {
  const sent = await runTwoJobs(async function* ({ jobId }) {
    yield { type: 'job-started', jobId };
    if (jobId === 'a') throw new HearthError('AUDIO_CORRUPT', 'Expected audio, got noise.');
    return result(jobId);
  });
  expect(sent).toEqual(['job-started a', 'job-failed a AUDIO_CORRUPT', 'job-started b', 'job-done b']);
});

test('a job that is cancelled in the middle of a step fails with CANCELLED, whatever the step makes of it', async () => {
  const { loop, sent, ended } = observeLoop(async function* ({ jobId }, signal) {
    yield { type: 'job-started', jobId };
    queueMicrotask(() => loop.cancel(jobId));
    await once(signal, 'abort');
    throw new Error('The child process was killed.');
  });
  loop.add(command('a'));
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
    (event, loop) => event.type === 'job-started' && loop.cancel('a'),
  );
  expect(sent.slice(0, 3)).toEqual(['job-started a', 'job-failed a CANCELLED', 'job-started b']);
  expect(closed).toEqual(['a', 'b']);
});

test('a waiting job that is cancelled is told at the next step and never starts', async () => {
  const sent = await runTwoJobs(twoSteps, (event, loop) => event.type === 'job-started' && loop.cancel('b'));
  expect(sent).toEqual(['job-started a', 'job-failed b CANCELLED', 'segments-decoded a', 'job-done a']);
});

test('cancelling all ends every job', async () => {
  const sent = await runTwoJobs(twoSteps, (event, loop) => event.type === 'job-started' && loop.cancelAll());
  expect(sent).toEqual(['job-started a', 'job-failed a CANCELLED', 'job-failed b CANCELLED']);
});

test('cancelling an unknown job changes nothing', async () => {
  const sent = await runTwoJobs(twoSteps, (_event, loop) => loop.cancel('unknown'));
  expect(sent.at(-1)).toBe('job-done b');
});
