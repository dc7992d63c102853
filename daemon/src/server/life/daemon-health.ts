import type { Health } from '../../protocol/health.ts';
import type { Arithmetic, LoadedModel } from '../../protocol/residency.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import type { History } from '../history/history.ts';
import type { NetworkListener } from '../http/network-listener.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Spool } from '../jobs/spool.ts';
import type { DefaultModel } from '../models/default-model.ts';
import type { DraftModel } from '../models/draft-model.ts';
import type { KeptModels } from '../models/kept-models.ts';
import type { ModelStore } from '../models/model-store.ts';
import type { DefaultModelPull } from '../models/pull-default-model.ts';
import type { TranslatingModel } from '../models/translating-model.ts';
import type { NodeIpcListener } from '../node-ipc/node-ipc-listener.ts';
import type { EngineState, Supervisor } from '../supervisor/supervisor.ts';
import type { Watch } from '../watch/watch.ts';
import type { WordListFile } from '../words/word-list.ts';
import type { KeptLock } from './keep-lock.ts';
import type { LiveSettings } from './live-settings.ts';

/** The parts of a daemon that report their health. */
export interface DaemonParts {
  readonly version: string;
  readonly isStopping: boolean;
  readonly homeWarning: string | null;
  readonly keptLock: Pick<KeptLock, 'problem'>;
  readonly live: LiveSettings;
  readonly supervisor: Supervisor;
  readonly jobs: Jobs;
  readonly spool: Spool;
  readonly history: History;
  readonly words: WordListFile;
  readonly models: ModelStore;
  readonly defaultModel: DefaultModel;
  readonly draftModel: DraftModel;
  readonly keptModels: KeptModels;
  readonly translatingModel: TranslatingModel;
  readonly defaultModelPull: DefaultModelPull;
  readonly network: NetworkListener;
  readonly nodeIpc: NodeIpcListener;
  readonly watch: Watch;
}

/** Collects the health of every part of the daemon. What a part throws instead is its problem. */
export async function daemonHealth(parts: DaemonParts): Promise<Health> {
  const thrown: WireError[] = [];
  async function ask<Answer>(question: () => Answer | Promise<Answer>): Promise<Answer | null> {
    try {
      return await question();
    } catch (error) {
      thrown.push(toWireError(error));
      return null;
    }
  }
  const problems = await Promise.all(problemsOf(parts).map(ask));
  const warnings = await Promise.all(warningsOf(parts, parts.live.current()).map(ask));
  return describeHealth({
    version: parts.version,
    isStopping: parts.isStopping,
    listen: parts.network.address(),
    engine: parts.supervisor.state(),
    jobs: parts.jobs.counts(),
    problems: [...problems.filter((problem) => problem !== null), ...thrown],
    warnings: warnings.flat().filter((warning) => warning !== null),
  });
}

type Question<Answer> = () => Answer | Promise<Answer>;

function problemsOf(parts: DaemonParts): readonly Question<WireError | null>[] {
  const { supervisor, defaultModel, jobs, history, keptLock } = parts;
  const { status, lastError } = supervisor.state();
  return [
    () => (status === 'failed' ? lastError : null),
    () => defaultModel.problem(),
    () => supervisor.stall(),
    () => jobs.stall(),
    () => history.problem(),
    () => jobs.problem(),
    () => keptLock.problem(),
  ];
}

function warningsOf(parts: DaemonParts, settings: Settings): readonly Question<readonly string[] | string | null>[] {
  const engine = parts.supervisor.state();
  return [
    () => parts.homeWarning,
    () => parts.jobs.warnings(),
    () => parts.spool.warnings(),
    () => parts.history.warnings(),
    async () => (await parts.words.read()).problems,
    () => parts.defaultModelPull.warnings(),
    () => parts.models.warnings(),
    () => parts.draftModel.warning(engine.model),
    () => parts.keptModels.warnings(engine),
    () => parts.translatingModel.warning(),
    () => arithmeticWarning(settings.arithmetic, engine.model),
    () => converterWarning(engine.unconfinedConverter),
    () => parts.network.warnings(),
    () => networkWarning(settings),
    () => parts.nodeIpc.warning(),
    () => parts.watch.warnings(),
    () => parts.live.warning(),
  ];
}

/** The problem reported if the setting `arithmetic` has no effect on this machine. */
export function arithmeticWarning(wanted: Arithmetic, model: LoadedModel | null): string | null {
  if (wanted === 'exact' || model?.arithmetic !== 'exact') return null;
  const reason = model.device === 'gpu' ? 'the model runs on a GPU' : 'this CPU does not multiply 8 bits any faster';
  return `The setting arithmetic has no effect, because ${reason}. Hearth computes exactly.`;
}

/** The problem reported if the settings ask for an address and for no network. */
export function networkWarning({ network, listen }: Pick<Settings, 'network' | 'listen'>): string | null {
  if (network === 'on' || listen === '') return null;
  return `The setting network is off, so Hearth does not listen on ${listen}.`;
}

/** The problem reported if a converter ran without a sandbox. */
export function converterWarning(executable: string | null): string | null {
  if (executable === null) return null;
  return `${executable} runs without a sandbox: it did not work in one, or there is none. Hearth tries again with the next recording after ten minutes; \`hearth doctor\` tries it now.`;
}

export interface DaemonState extends Pick<Health, 'version' | 'listen' | 'jobs' | 'problems' | 'warnings'> {
  readonly isStopping: boolean;
  readonly engine: EngineState;
}

/** The answer to `GET /v1/health`. */
export function describeHealth({ isStopping, engine, problems, ...state }: DaemonState): Health {
  const { status, loading, model, restarts, lastError } = engine;
  return {
    status: isStopping ? 'stopping' : statusOf(engine, problems),
    version: state.version,
    processId: process.pid,
    uptimeSeconds: process.uptime(),
    listen: state.listen,
    engine: {
      status,
      loadingProgress: loading?.progress ?? null,
      model: model?.name ?? null,
      restarts,
      lastError,
    },
    jobs: state.jobs,
    problems,
    warnings: state.warnings,
  };
}

function statusOf({ status }: EngineState, problems: Health['problems']): Health['status'] {
  if (status === 'failed' || problems.length > 0) return 'degraded';
  return status === 'ready' || status === 'unloaded' ? 'ok' : 'starting';
}
