import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import type { ModelFolder } from '../../../../daemon/src/models/list-models.ts';
import type { EngineEvent, EngineTask } from '../../../../daemon/src/protocol/engine-messages.ts';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import type { Segment, Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import type { WireError } from '../../../../daemon/src/protocol/wire-error.ts';
import { openHistory } from '../../../../daemon/src/server/history/open-history.ts';
import { createServer } from '../../../../daemon/src/server/http/create-server.ts';
import { type AnswerPace, defaultAnswerPace } from '../../../../daemon/src/server/http/kept-alive.ts';
import { createMetrics } from '../../../../daemon/src/server/http/metrics.ts';
import type { RealtimeLimits } from '../../../../daemon/src/server/http/realtime/realtime-connections.ts';
import type { ServerInstance } from '../../../../daemon/src/server/http/server-instance.ts';
import { createJobs } from '../../../../daemon/src/server/jobs/create-jobs.ts';
import { createSpool } from '../../../../daemon/src/server/jobs/create-spool.ts';
import { openJobStore } from '../../../../daemon/src/server/jobs/open-job-store.ts';
import { describeHealth } from '../../../../daemon/src/server/life/daemon-health.ts';
import { createModelStore, type ModelStore } from '../../../../daemon/src/server/models/model-store.ts';
import type { EngineState, Supervisor } from '../../../../daemon/src/server/supervisor/supervisor.ts';
import type { scanFolder } from '../../../../daemon/src/server/watch/folder-scan.ts';
import { openWatch } from '../../../../daemon/src/server/watch/open-watch.ts';
import { openWordList } from '../../../../daemon/src/server/words/open-word-list.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';
import type { Settings } from '../../../../daemon/src/settings/settings-schema.ts';
import { type Answer, type Ask, ask } from '../../../e2e/support/ask.ts';
import { noTimings } from '../../../stand-ins/timings.ts';

/** One task that the engine was given, and what it does with it. */
export interface Run {
  readonly task: EngineTask;
  readonly say: (event: EngineEvent) => void;
  readonly finish: (text: string) => void;
  readonly finishWith: (segments: readonly Segment[]) => void;
  readonly fail: (error: HearthError) => void;
}

export interface Served {
  readonly home: string;
  readonly socketPath: string;
  readonly server: ServerInstance;
  ask(request: Ask): Promise<Answer>;
  /** The next task that reaches the engine. */
  nextRun(): Promise<Run>;
  spooled(): Promise<string[]>;
  stop(drainMs: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServeRequest {
  readonly settings?: Partial<Settings>;
  /** In seconds; settings hold whole ones. */
  readonly uploadIdleSeconds?: number;
  readonly problems?: readonly WireError[];
  readonly findModel?: (name: string) => Promise<ModelFolder>;
  readonly models?: Partial<ModelStore>;
  readonly engine?: Partial<EngineState>;
  readonly answerPace?: AnswerPace;
  readonly attendedPlaces?: number;
  readonly realtimeLimits?: RealtimeLimits;
  readonly watch?: { readonly silentMs: number; readonly scanFolder: typeof scanFolder };
}

/** The server with its jobs and its spool on a real socket; the test is the engine. */
export async function serveStandIn(request: ServeRequest = {}): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-server-'));
  const socketPath = join(home, 'hearth.sock');
  const engine = standInEngine(request.engine);
  const log = pino({ level: 'silent' });
  const settings: Settings = {
    ...readSettings('/nowhere/settings.json', {}),
    ...{ maxUploadBytes: 1_000_000, minFreeDiskBytes: 0, maxQueuedJobs: 10, maxFinishedJobs: 10 },
    ...request.settings,
  };
  const uploadIdleSeconds = request.uploadIdleSeconds ?? 60;
  const spool = createSpool({
    folder: join(home, 'spool'),
    lostFolder: join(home, 'lost-recordings'),
    limits: () => ({ ...settings, uploadIdleSeconds }),
  });
  const history = openHistory({ path: join(home, 'history.sqlite'), log, limits: () => settings });
  const store = openJobStore({
    path: join(home, 'jobs.sqlite'),
    journalPath: join(home, 'journal.ndjson'),
    log,
    maxFinishedJobs: 10,
  });
  const find = request.findModel ?? findBase;
  const metrics = createMetrics();
  const words = openWordList(join(home, 'words.json'));
  const jobs = createJobs({
    ...{ supervisor: engine.supervisor, log, store, history },
    removeUpload: (path) => spool.remove(path),
    keepAsLost: (path) => spool.keepAsLost(path),
    limits: () => settings,
    words: words.read,
    attendedPlaces: request.attendedPlaces ?? 0,
    observer: metrics.jobObserver,
  });
  const models = {
    ...createModelStore({ modelsFolder: join(home, 'models'), settings: () => settings }),
    find: (name = 'base') => find(name),
    ...request.models,
  };
  const watch = openWatch({
    ...{ path: join(home, 'watch.sqlite'), jobs, models, history, log },
    times: { settleMs: 20, rescanMs: 50, silentMs: 30_000, ...request.watch },
    ...request.watch,
  });
  await spool.sweep({ wanted: new Set(), kept: new Set(), done: new Set(), isIncomplete: false });
  let stopping = false;
  const version = '1.2.3';
  const server = await createServer({
    ...{ jobs, spool, history, words, watch, metrics, log, version },
    supervisor: engine.supervisor,
    keepAliveMs: () => null,
    models,
    token: () => settings.token,
    allowedOrigins: () => settings.allowedOrigins,
    isMcpOn: () => settings.mcp,
    mcpFolders: () => settings.mcpFolders,
    health: async () =>
      describeHealth({
        version,
        isStopping: stopping,
        listen: null,
        engine: engine.supervisor.state(),
        jobs: jobs.counts(),
        problems: request.problems ?? [],
        warnings: [...jobs.warnings(), ...history.warnings(), ...watch.warnings()],
      }),
    answerPace: request.answerPace ?? defaultAnswerPace,
    ...(request.realtimeLimits !== undefined && { realtimeLimits: request.realtimeLimits }),
  });
  await server.listen({ path: socketPath });
  return {
    ...{ home, socketPath, server },
    ask: (asked) => ask(socketPath, asked),
    nextRun: engine.nextRun,
    spooled: () => readdir(join(home, 'spool')),
    stop(drainMs) {
      stopping = true;
      return jobs.stop(drainMs);
    },
    async close() {
      await watch.stop();
      await jobs.stop(0);
      server.server.closeAllConnections();
      await server.close();
      await store.close();
      history.close();
      await rm(home, { recursive: true });
    },
  };
}

async function findBase(name: string): Promise<ModelFolder> {
  if (name === 'base') return { name, folder: '/models/base' };
  throw new HearthError('MODEL_NOT_FOUND', `Expected the name of a model (base), got ${name}.`);
}

function standInEngine(state: Partial<EngineState> = {}) {
  const runs: Run[] = [];
  const begun: Run[] = [];
  let wakeUp: (() => void) | undefined;
  const supervisor: Supervisor = {
    start: () => undefined,
    run: (task, onEvent) =>
      new Promise((resolve, reject) => {
        const run = {
          task,
          say: onEvent,
          finish: (text: string) => resolve(resultOf(text)),
          finishWith: (segments: readonly Segment[]) =>
            resolve({ ...resultOf(segments.map(({ text }) => text).join('')), segments }),
          fail: reject,
        };
        begun.push(run);
        runs.push(run);
        wakeUp?.();
      }),
    grow: () => undefined,
    cancel: (jobId) => {
      begun.find(({ task }) => task.jobId === jobId)?.fail(new HearthError('CANCELLED', 'cancelled'));
    },
    state: () => ({ ...readyEngine, ...state }),
    load: async () => loadedModel,
    drain: () => undefined,
    stall: () => null,
    holdsBack: () => false,
    unload: async () => undefined,
    relieve: async () => false,
    configure: () => undefined,
    onStateChange: () => undefined,
    stop: async () => undefined,
  };
  async function nextRun(): Promise<Run> {
    for (;;) {
      const run = runs.shift();
      if (run !== undefined) return run;
      await new Promise<void>((resolve) => {
        wakeUp = resolve;
      });
    }
  }
  return { supervisor, nextRun };
}

const loadedModel: LoadedModel = {
  ...{
    name: 'base',
    folder: '/models/base',
    device: 'cpu',
    operations: 'cpu',
    quantizationBits: 4,
    denseEncoder: true,
    rowsReadQuantized: null,
    logMelOnDevice: false,
    trials: [],
    draft: null,
    arithmetic: 'exact',
  },
  ...{
    weightBytes: 1000,
    batchSize: 1,
    encoderBatch: 1,
    neededBytes: 2000,
    heldBytes: 500,
    deviceMemoryBytes: 1e9,
    choices: [],
  },
  ...{ loadSeconds: 0.1, warmUpSeconds: 0.2 },
};

const readyEngine: EngineState = {
  status: 'ready',
  loading: null,
  model: null,
  models: [],
  memoryBudgetBytes: null,
  notKept: {},
  memory: null,
  processId: 1,
  restarts: 0,
  lastError: null,
  unconfinedConverter: null,
};

function resultOf(text: string): Transcript {
  return {
    text,
    language: 'en',
    language_probability: 0.9,
    language_probabilities: { en: 0.9 },
    duration: 2,
    segments: [
      {
        id: 0,
        seek: 0,
        start: 0,
        end: 2,
        text,
        tokens: [],
        temperature: 0,
        avg_logprob: -0.1,
        compression_ratio: 1,
        no_speech_prob: 0,
      },
    ],
    model: 'base',
    task: 'transcribe',
    timings: noTimings,
    warnings: [],
  };
}
