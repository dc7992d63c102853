import { Counter, Histogram, Registry } from 'prom-client';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { JobObserver } from '../jobs/create-jobs.ts';

export interface AnswerCount {
  readonly method: string;
  /** The route's pattern, never the address, which can contain what a user dictates. */
  readonly route: string;
  readonly statusCode: number;
  readonly elapsedMs: number;
}

/** Counters and histograms of a daemon, for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  readonly jobObserver: JobObserver;
  countAnswer(answer: AnswerCount): void;
  /** Counts the models that are loaded and closed. */
  countModel(event: EngineEvent): void;
}

const secondsBuckets = [0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30, 100, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const answers = new Histogram({
    name: 'hearth_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: secondsBuckets,
    registers,
  });
  const ended = new Counter({
    name: 'hearth_jobs_ended_total',
    help: 'Jobs by how they ended.',
    labelNames: ['state', 'priority', 'code'],
    registers,
  });
  const windows = new Histogram({
    name: 'hearth_window_duration_seconds',
    help: 'Time between two steps of a job that produced segments, about 30 s of sound each.',
    buckets: secondsBuckets,
    registers,
  });
  const realTimeFactor = new Histogram({
    name: 'hearth_real_time_factor',
    help: 'Time that the engine took for a recording, divided by its length.',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    registers,
  });
  const waiting = new Histogram({
    name: 'hearth_job_wait_seconds',
    help: 'Time that jobs waited for their turn.',
    labelNames: ['priority'],
    buckets: secondsBuckets,
    registers,
  });
  const audio = new Counter({
    name: 'hearth_audio_seconds_total',
    help: 'Length of all recordings that were transcribed to their end.',
    registers,
  });
  const loaded = new Counter({
    name: 'hearth_model_loads_total',
    help: 'How often a model was loaded.',
    labelNames: ['model'],
    registers,
  });
  const closed = new Counter({
    name: 'hearth_model_closes_total',
    help: 'How often a model made way while the engine went on, and for what.',
    labelNames: ['model', 'reason'],
    registers,
  });
  const lastStepAtMs = new WeakMap<object, number>();

  return {
    registry,
    countAnswer({ method, route, statusCode, elapsedMs }) {
      answers.observe({ method, route, status: String(statusCode) }, elapsedMs / 1000);
    },
    countModel(event) {
      if (event.type === 'model-ready') loaded.inc({ model: event.model.name });
      if (event.type === 'model-closed') closed.inc({ model: event.model.name, reason: event.reason });
    },
    jobObserver: {
      onEvent(job, event) {
        const nowMs = performance.now();
        const previous = lastStepAtMs.get(job);
        if (event.type === 'segments-decoded' && previous !== undefined) windows.observe((nowMs - previous) / 1000);
        if (event.type !== 'text-partial') lastStepAtMs.set(job, nowMs);
      },
      onEnd({ state, priority, error, result, startedAt, createdAt }) {
        ended.inc({ state, priority, code: error?.code ?? '' });
        if (startedAt !== null)
          waiting.observe({ priority }, Math.max(0, startedAt.getTime() - createdAt.getTime()) / 1000);
        if (result === null || result.duration === 0) return;
        audio.inc(result.duration);
        realTimeFactor.observe(result.timings.total / result.duration);
      },
    },
  };
}
