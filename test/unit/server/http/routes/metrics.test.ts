import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import type { ResidentModel } from '../../../../../daemon/src/protocol/residency.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

beforeEach(async () => {
  const memory = { residentBytes: 1000, peakResidentBytes: 2000, activeBytes: 1, cacheBytes: 2, peakBytes: 3 };
  served = await serveStandIn({ engine: { memory, restarts: 2 } });
});

afterEach(() => served.close());

test('answers, jobs, windows and the engine are counted', async () => {
  const query = 'initialPrompt=secret&priority=bulk';
  const done = served.ask({ path: `/v1/transcriptions?${query}`, body: 'sound' });
  const run = await served.nextRun();
  const { jobId } = run.task;
  run.say({ type: 'job-started', jobId });
  run.say({ type: 'segments-decoded', jobId, segments: [], processedSeconds: 1 });
  run.finish('hello');
  await done;
  const failed = served.ask({ path: '/v1/transcriptions', body: 'noise' });
  (await served.nextRun()).fail(new HearthError('AUDIO_CORRUPT', 'Expected sound, got noise.'));
  await failed;
  const { headers, text } = await served.ask({ path: '/metrics' });
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const line of [
    'hearth_jobs_ended_total{state="done",priority="bulk",code=""} 1',
    'hearth_jobs_ended_total{state="failed",priority="interactive",code="AUDIO_CORRUPT"} 1',
    'hearth_http_request_duration_seconds_count{method="POST",route="/v1/transcriptions",status="200"} 1',
    'hearth_http_request_duration_seconds_count{method="POST",route="/v1/transcriptions",status="422"} 1',
    'hearth_window_duration_seconds_count 1',
    'hearth_real_time_factor_count 1',
    'hearth_audio_seconds_total 2',
    'hearth_jobs_queued 0',
    'hearth_engine_ready 1',
    'hearth_engine_restarts 2',
    'hearth_engine_resident_bytes 1000',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(text).not.toContain('secret');
});

test('each model in memory is told of', async () => {
  await served.close();
  const used = { name: 'base', heldBytes: 5000, isInUse: true, lastUsedAt: '1970-01-01T00:01:00.000Z' };
  served = await serveStandIn({ engine: { models: [used as ResidentModel] } });
  const { text } = await served.ask({ path: '/metrics' });
  for (const line of [
    'hearth_model_held_bytes{model="base"} 5000',
    'hearth_model_in_use{model="base"} 1',
    'hearth_model_last_use_timestamp_seconds{model="base"} 60',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('an address that no route knows is counted without its name', async () => {
  await served.ask({ path: '/v1/what-i-dictated' });
  const { text } = await served.ask({ path: '/metrics' });
  expect(text).toContain('route="none",status="404"} 1');
  expect(text).not.toContain('dictated');
});
