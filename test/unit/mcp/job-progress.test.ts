import { expect, test } from '@jest/globals';
import { createJobProgress, type Progress } from '../../../daemon/src/mcp/job-progress.ts';
import type { JobEvent } from '../../../daemon/src/protocol/job-events.ts';

test('progress grows from the queue to the last segment, and never repeats itself', () => {
  const told: Progress[] = [];
  const onEvent = createJobProgress((progress) => told.push(progress));
  const jobId = 'job-1';
  const audio = { durationSeconds: 60, container: 'wav', codec: 'pcm', sampleRateHz: 16000, channels: 1 };
  const events: JobEvent[] = [
    { type: 'job-queued', seq: 0, jobId, position: 2 },
    { type: 'job-started', seq: 1, jobId },
    { type: 'model-loading', jobId, model: 'base', progress: 0.5 },
    { type: 'model-loading', jobId, model: 'base', progress: 0.4 },
    { type: 'audio-opened', seq: 2, jobId, audio },
    { type: 'segments-decoded', seq: 3, jobId, segments: [], processedSeconds: 30 },
    { type: 'segments-decoded', seq: 4, jobId, segments: [], processedSeconds: 30 },
    { type: 'segments-decoded', seq: 5, jobId, segments: [], processedSeconds: 61 },
  ];
  for (const event of events) onEvent(event);
  expect(told.map(({ progress, message }) => [progress, message])).toEqual([
    [0, 'Waiting, 2 jobs ahead.'],
    [2, 'Loading the model base.'],
    [5, 'Opened a recording of 60 s.'],
    [52, 'Transcribed 30 s.'],
    [99, 'Transcribed 61 s.'],
  ]);
});
