import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { openHistory } from '../history/open-history.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import { type JournaledJob, openJournal } from '../jobs/open-journal.ts';
import { createSpool } from '../jobs/spool.ts';
import { createLog } from '../log/create-log.ts';
import { limitOutput } from '../log/limit-output.ts';
import { type HomePaths, homePaths } from '../settings/home-paths.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { createSupervisor } from '../supervisor/create-supervisor.ts';
import { relieveMemory } from '../supervisor/relieve-memory.ts';
import type { EngineSettings } from '../supervisor/supervisor.ts';
import { arithmeticWarnings } from './arithmetic-warnings.ts';
import { bringDefaultModel } from './bring-default-model.ts';
import { createServer } from './create-server.ts';
import { listenOnNetwork } from './listen-on-network.ts';
import { openLiveSettings } from './live-settings.ts';
import { createMetrics } from './metrics.ts';
import { createModelStore, type ModelStore } from './model-store.ts';
import type { ServerInstance } from './server-instance.ts';
import { listenAlone, prepareHome } from './single-instance.ts';

/** How long a stopping daemon keeps its connections. */
const lastAnswersMs = 1000;

/** A daemon that listens. */
export interface Daemon {
  /** Lets running jobs end within their limit, then ends everything and removes the socket. */
  stop(): Promise<void>;
  /** Cancels the jobs that `stop` lets end. */
  hurry(): void;
}

/**
 * Puts the parts together and listens: settings, log, supervisor, jobs, server. Null when another daemon listens already.
 * @throws `SETTINGS_INVALID`, `HOME_NOT_WRITABLE`, `SOCKET_PATH_TOO_LONG`, `MODEL_NOT_FOUND`
 */
export async function runDaemon(): Promise<Daemon | null> {
  // Everything that the daemon creates is its owner's alone, the socket from its birth on.
  process.umask(0o077);
  const paths = homePaths();
  await prepareHome(paths.home);
  limitOutput(paths.outputFile);
  // Nothing of the home is touched before it is sure that no other daemon uses it.
  return listenAlone(paths.socket, () => openDaemon(paths));
}

async function openDaemon(paths: HomePaths): Promise<Daemon> {
  const live = openLiveSettings({ file: paths.settingsFile, onChange: takeOver });
  const settings = live.current;
  const models = createModelStore({ modelsFolder: paths.modelsFolder, settings });
  const model = await models.find();
  const log = createLog({ file: paths.logFile, level: settings().logLevel });
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'ended by a fault'));
  await mkdir(paths.temporaryFolder, { recursive: true });
  const supervisor = createSupervisor({
    engineModule: fileURLToPath(new URL('../engine/main.js', import.meta.url)),
    ...engineSettings(settings(), model.folder),
    temporaryFolder: paths.temporaryFolder,
    log,
  });
  const stopRelieving = relieveMemory({ supervisor, log, isWanted: () => settings().unloadUnderMemoryPressure });
  const spool = createSpool({ folder: paths.spoolFolder, limits: settings });
  const history = openHistory({ path: paths.historyFile, log, limits: settings });
  const journal = await openJournal(paths.journalFile);
  const metrics = createMetrics();
  const jobs = createJobs({
    ...{ supervisor, log, journal, history },
    removeUpload: (path) => spool.remove(path),
    limits: settings,
    observer: metrics.jobObserver,
  });
  const defaultModel = bringDefaultModel({
    ...{ models, log },
    model: () => settings().model,
    onArrival: async () => supervisor.configure(engineSettings(settings(), (await models.find()).folder)),
  });
  let stopping = false;
  const server = await createServer({
    ...{ jobs, spool, supervisor, history, models, metrics, settings, log },
    warnings: () => [
      ...journalWarnings(journal.damagedCopy),
      ...history.warnings(),
      ...defaultModel.warnings(),
      ...arithmeticWarnings(settings().arithmetic, supervisor.state().model),
      ...[live.warning()].filter((warning) => warning !== null),
    ],
    version: readVersion(),
    isStopping: () => stopping,
  });

  async function takeOver(next: Settings): Promise<void> {
    const { folder } = await models.find();
    defaultModel.bring();
    log.level = next.logLevel;
    supervisor.configure(engineSettings(next, folder));
    history.prune();
    log.info('settings taken over');
  }

  const promised = journal.jobs;
  await spool.sweep(uploadsOf(promised));
  // Before anybody can ask for them.
  await jobs.restore(await Promise.all(promised.map((job) => withModelOfToday(job, models))));
  await server.listen({ path: paths.socket });
  const { listen, token } = settings();
  const network = listen === '' ? null : await listenOnNetwork(server, { address: listen, token });
  supervisor.start();
  defaultModel.bring();
  log.info({ socket: paths.socket, address: listen, model: model.name, promisedJobs: promised.length }, 'listening');
  return {
    async stop() {
      stopping = true;
      log.info('stopping');
      live.close();
      stopRelieving();
      await defaultModel.stop();
      await jobs.stop(settings().drainSeconds * 1000);
      await closeServer(server, network);
      await supervisor.stop();
      await journal.close();
      history.close();
      log.info('stopped');
    },
    hurry() {
      void jobs.stop(0);
    },
  };
}

function engineSettings(
  { threads, preset, arithmetic, keepAliveMinutes }: Settings,
  modelFolder: string,
): EngineSettings {
  return {
    modelFolder,
    threads: threads === 0 ? null : threads,
    preset,
    arithmetic,
    keepAliveMs: keepAliveMinutes === -1 ? null : keepAliveMinutes * 60_000,
  };
}

/** Uploads that a daemon before this one promised to transcribe. */
function uploadsOf(promised: readonly JournaledJob[]): ReadonlySet<string> {
  const waiting = promised.filter(({ ended, accepted }) => ended === null && accepted.uploaded);
  return new Set(waiting.map(({ accepted }) => accepted.audioPath));
}

/** An update of Hearth may have moved the model that a job was promised with. */
async function withModelOfToday(job: JournaledJob, models: ModelStore): Promise<JournaledJob> {
  const { accepted, ended } = job;
  if (ended !== null || existsSync(accepted.modelFolder)) return job;
  const found = await models.find(accepted.options.model).catch(() => null);
  return found === null ? job : { ended, accepted: { ...accepted, modelFolder: found.folder } };
}

function journalWarnings(damagedCopy: string | null): readonly string[] {
  if (damagedCopy === null) return [];
  return [`The journal of jobs was damaged; jobs that could not be read from it are lost. A copy is ${damagedCopy}.`];
}

/** Clients get to read their last answer; one that does not, or that sends without end, does not hold up the end. */
async function closeServer(server: ServerInstance, network: Server | null): Promise<void> {
  const timer = setTimeout(() => {
    server.server.closeAllConnections();
    network?.closeAllConnections();
  }, lastAnswersMs);
  const networkClosed = network === null ? null : once(network.close(), 'close');
  await Promise.all([server.close(), networkClosed]);
  clearTimeout(timer);
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
