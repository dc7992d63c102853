import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { HearthError } from '../../errors/hearth-error.ts';
import { createLog, limitOutput } from '../../log/create-log.ts';
import { findDefaultModel } from '../../models/find-default-model.ts';
import { findModel } from '../../models/find-model.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { ownVersion } from '../../settings/own-version.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { historyFile, openHistory } from '../history/open-history.ts';
import { createServer } from '../http/create-server.ts';
import { connectionLimits } from '../http/guards/connection-limits.ts';
import { defaultAnswerPace } from '../http/kept-alive.ts';
import { createMetrics } from '../http/metrics.ts';
import { createNetworkListener, type NetworkListener } from '../http/network-listener.ts';
import type { ServerInstance } from '../http/server-instance.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import { createSpool } from '../jobs/create-spool.ts';
import { jobsFile } from '../jobs/jobs-file.ts';
import { isUploadKept } from '../jobs/lost-recording.ts';
import { openJobStore } from '../jobs/open-job-store.ts';
import type { KnownUploads } from '../jobs/spool.ts';
import type { StoredJob } from '../jobs/stored-job.ts';
import { createDefaultModel } from '../models/default-model.ts';
import { createDraftModel } from '../models/draft-model.ts';
import { createKeptModels } from '../models/kept-models.ts';
import { createModelStore, type ModelStore } from '../models/model-store.ts';
import { createDefaultModelPull } from '../models/pull-default-model.ts';
import { createTranslatingModel } from '../models/translating-model.ts';
import { createNodeIpcListener } from '../node-ipc/node-ipc-listener.ts';
import { requireKnownVersion } from '../sqlite/open-database.ts';
import { createSupervisor } from '../supervisor/create-supervisor.ts';
import { removeEngineFolders } from '../supervisor/engine-folder.ts';
import { relieveMemory } from '../supervisor/relieve-memory.ts';
import type { EngineSettings } from '../supervisor/supervisor.ts';
import { awaitedJobs } from '../watch/awaited-jobs.ts';
import { openWatch } from '../watch/open-watch.ts';
import { watchFile } from '../watch/watch-file.ts';
import { openWordList } from '../words/open-word-list.ts';
import { daemonHealth } from './daemon-health.ts';
import type { HomeLock } from './home-lock.ts';
import { keepLock } from './keep-lock.ts';
import { openLiveSettings } from './live-settings.ts';
import { homeWarning } from './prepare-home.ts';
import { relocateJobs } from './relocate-jobs.ts';
import { placeSocket } from './socket-place.ts';
import { watchHome } from './watch-home.ts';

/** How long a stopping daemon keeps its connections open. */
const lastAnswersMs = 1000;

/** A daemon that is listening. */
export interface Daemon {
  /** The path of the socket, and the TCP address if there is one. */
  readonly addresses: readonly string[];
  /** Lets running jobs finish within their limit, then ends everything and removes the socket. */
  stop(): Promise<void>;
  /** Cancels the jobs that `stop` is waiting for. */
  hurry(): void;
}

export interface DaemonRequest {
  /** For a home that this process has claimed. */
  readonly paths: HomePaths;
  readonly lock: Pick<HomeLock, 'keep'>;
  /** Called once when the home is gone and everything the daemon was running has ended. */
  readonly onHomeGone: (reason: HearthError) => void;
  /** Called once if somebody has deleted the socket. */
  readonly onUnreachable: () => void;
}

/**
 * Assembles the parts and listens: settings, log, supervisor, jobs, server.
 * @throws `SETTINGS_INVALID`, `HOME_NOT_WRITABLE`, `MODEL_NOT_FOUND`
 */
export async function runDaemon({ paths, lock, onHomeGone, onUnreachable }: DaemonRequest): Promise<Daemon> {
  limitOutput(paths.outputFile);
  const homeIsOpen = await homeWarning(paths.home);
  const live = await openLiveSettings({
    file: paths.settingsFile,
    hadFile: paths.hadSettingsFile,
    async prepare(next) {
      // What may be missing first, since trying the default model loads it.
      const useDraft = await draftModel.prepare(next.draftModel);
      const useKept = await keptModels.prepare(next.keep);
      const useTranslating = await translatingModel.prepare(next.translateModel);
      const useDefault = await defaultModel.prepare(next.model);
      return () => {
        for (const use of [useDraft, useKept, useTranslating, useDefault]) use();
      };
    },
    onChange: takeOver,
  });
  const settings = live.current;
  const { modelsFolder } = paths;
  const findDefault = (name: string) => findDefaultModel({ name, downloadedModelsFolder: modelsFolder });
  const model = await findDefault(settings().model);
  const findNamed = (name: string) => findModel({ name, downloadedModelsFolder: modelsFolder });
  const draftModel = await createDraftModel(settings().draftModel, findNamed);
  const keptModels = await createKeptModels(settings().keep, findNamed);
  const translatingModel = await createTranslatingModel(settings().translateModel, findNamed);
  const log = createLog({ file: paths.logFile, level: settings().logLevel });
  const keptLock = keepLock(lock, log);
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'ended by a fault'));
  // Before anything in them is changed.
  const databases = [jobsFile(paths.jobsFile), historyFile(paths.historyFile), watchFile(paths.watchFile)];
  for (const file of databases) requireKnownVersion(file);
  await removeEngineFolders(paths.temporaryFolder);
  // MLX reads it in the engine process, which inherits it. Its default is a temporary folder, gone after a restart.
  process.env['MLX_PTX_CACHE_DIR'] ??= paths.kernelsFolder;
  const metrics = createMetrics();
  const supervisor = createSupervisor({
    engineModule: fileURLToPath(new URL('../../engine/main.js', import.meta.url)),
    ...engineSettings(settings(), model.folder, {
      draftFolder: draftModel.folder(),
      keptFolders: keptModels.folders(),
    }),
    temporaryFolder: paths.temporaryFolder,
    choicesFile: paths.choicesFile,
    log,
    onEngineEvent(event) {
      metrics.countModel(event);
      if (event.type !== 'model-closed') return;
      log.info({ model: event.model.name, reason: event.reason }, 'model closed');
    },
  });
  const defaultModel = createDefaultModel({ first: model, supervisor, find: findDefault });
  const models = createModelStore({
    ...{ modelsFolder, settings, choicesFile: paths.choicesFile },
    findDefault: () => defaultModel.use(settings().model),
  });
  const stopRelieving = relieveMemory({ supervisor, log, isWanted: () => settings().unloadUnderMemoryPressure });
  const spool = createSpool({
    folder: paths.spoolFolder,
    lostFolder: paths.lostRecordingsFolder,
    limits: settings,
  });
  const history = openHistory({ path: paths.historyFile, log, limits: live.limits });
  const awaited = awaitedJobs(paths.watchFile);
  const store = openJobStore({
    path: paths.jobsFile,
    awaited,
    journalPath: paths.journalFile,
    log,
    maxFinishedJobs: live.limits().maxFinishedJobs,
  });
  const words = openWordList(paths.wordsFile);
  const jobs = createJobs({
    ...{ supervisor, log, store, history },
    removeUpload: (path) => spool.remove(path),
    keepAsLost: (path) => spool.keepAsLost(path),
    words: words.read,
    limits: live.limits,
    // Each connection needs an open file, so no client can fake one. The other half is for queued jobs and for queries.
    attendedPlaces: Math.floor(connectionLimits().socket / 2),
    observer: metrics.jobObserver,
  });
  const watch = openWatch({ path: paths.watchFile, jobs, models, history, log });
  const defaultModelPull = createDefaultModelPull({
    ...{ models, log },
    model: () => settings().model,
    onArrival: useArrivedModel,
  });

  async function useArrivedModel(): Promise<void> {
    const before = defaultModel.current();
    await defaultModel.change(settings().model);
    await useArrivedRevisions();
    const { name, folder } = defaultModel.current();
    // Its earlier revision is no model of its own.
    if (name === before.name && folder !== before.folder) await supervisor.unload(before.folder).catch(() => undefined);
  }

  /** Which folders the settings mean changes as models arrive. */
  async function useArrivedRevisions(): Promise<void> {
    const { keep, draftModel: draft, translateModel } = settings();
    (await keptModels.prepare(keep))();
    (await translatingModel.prepare(translateModel))();
    await draftModel.prepare(draft).then(
      (use) => use(),
      () => undefined,
    );
    configureEngine(settings());
  }

  function configureEngine(next: Settings): void {
    const others = { draftFolder: draftModel.folder(), keptFolders: keptModels.folders() };
    supervisor.configure(engineSettings(next, defaultModel.current().folder, others));
  }

  /** As the store, for clients: they may bring the default model before the daemon has downloaded it. */
  const servedModels: ModelStore = {
    ...models,
    async pull(order) {
      const found = await models.pull(order);
      await useArrivedRevisions();
      if (order.repository === settings().model) {
        defaultModelPull.restart();
        // Health says why a model that is here cannot be loaded.
        void useArrivedModel().catch((error: unknown) => log.warn({ err: error }, 'the pulled model cannot be used'));
      }
      return found;
    },
  };
  let isStopping = false;
  const version = ownVersion();
  const parts = {
    version,
    homeWarning: homeIsOpen,
    live,
    supervisor,
    jobs,
    spool,
    history,
    words,
    models,
    defaultModel,
    draftModel,
    keptModels,
    translatingModel,
    defaultModelPull,
    watch,
  };
  const server = await createServer({
    jobs,
    spool,
    supervisor,
    keepAliveMs: () => keepAliveMs(settings()),
    models: servedModels,
    history,
    words,
    watch,
    metrics,
    log,
    version,
    token: () => settings().token,
    allowedOrigins: () => settings().allowedOrigins,
    isMcpOn: () => settings().mcp,
    mcpFolders: () => settings().mcpFolders,
    health: () => daemonHealth({ ...parts, keptLock, isStopping, network, nodeIpc }),
    answerPace: defaultAnswerPace,
  });
  const network = createNetworkListener({ server, log });
  const nodeIpc = createNodeIpcListener({ path: paths.nodeIpcSocket, daemonSocket: paths.socket, placeSocket });

  /** The first socket is there whatever becomes of the second. */
  async function useNodeIpc(next: Settings): Promise<void> {
    await nodeIpc.use(next.nodeIpc).catch((error: unknown) => log.warn({ err: error }, 'not listening for node-ipc'));
  }

  async function takeOver(next: Settings, useModels: () => void): Promise<void> {
    await network.use(placeToListen(next));
    useModels();
    await useNodeIpc(next);
    defaultModelPull.restart();
    log.level = next.logLevel;
    configureEngine(next);
    history.prune();
    log.info('settings taken over');
  }

  /** Closes no file and removes no socket: those paths may now belong to another daemon. */
  async function abandonHome(): Promise<void> {
    isStopping = true;
    const reason = homeGone(paths.home);
    log.fatal({ err: reason }, 'home gone');
    live.close();
    void watch.stop();
    const jobsEnded = jobs.stop(0);
    await supervisor.stop(reason);
    await Promise.race([jobsEnded, delay(lastAnswersMs)]);
    await delay(lastAnswersMs);
    onHomeGone(reason);
  }

  const promised = await relocateJobs(store.jobs, { spoolFolder: paths.spoolFolder, find: spool.find, models });
  await spool.sweep({ ...uploadsOf(promised), isIncomplete: store.isIncomplete });
  // Before clients can ask for them.
  const releases = awaited.map((id) => jobs.hold(id));
  await jobs.restore(promised);
  const removeSocket = await placeSocket(paths.socket, (path) => server.listen({ path }));
  await network.use(placeToListen(settings()));
  await useNodeIpc(settings());
  supervisor.start();
  watch.start();
  // Watched folders hold what they wait for themselves now.
  for (const release of releases) release();
  defaultModelPull.restart();
  const stopWatching = watchHome({
    ...paths,
    claim: keptLock.claim,
    onGone: () => void abandonHome(),
    onUnreachable() {
      log.error({ socket: paths.socket }, 'socket gone');
      onUnreachable();
    },
  });
  log.info(
    { socket: paths.socket, address: settings().listen, model: model.name, promisedJobs: promised.length },
    'listening',
  );
  return {
    addresses: [paths.socket, network.address()].filter((address) => address !== null),
    async stop() {
      isStopping = true;
      log.info('stopping');
      stopWatching();
      live.close();
      stopRelieving();
      await watch.stop();
      await nodeIpc.use(false);
      await defaultModelPull.stop();
      supervisor.drain();
      const drainMs = settings().drainSeconds * 1000;
      const jobsEnded = jobs.stop(drainMs);
      // A job that ignores its cancellation ends with the engine.
      await Promise.race([jobsEnded, delay(drainMs + lastAnswersMs, undefined, { ref: false })]);
      const engineEnded = supervisor.stop();
      await jobsEnded;
      removeSocket();
      await closeServer(server, network);
      await engineEnded;
      await store.close();
      history.close();
      log.info('stopped');
    },
    hurry() {
      void jobs.stop(0);
    },
  };
}

/** With `network` off, only the socket answers. */
function placeToListen({ listen, token, allowedOrigins, network }: Settings) {
  return { listen: network === 'off' ? '' : listen, token, allowedOrigins };
}

function homeGone(home: string): HearthError {
  return new HearthError(
    'SHUTTING_DOWN',
    `The home ${home} was deleted or moved, or another process has locked it, so Hearth ends.`,
    {
      hint: 'Start Hearth again; it makes a new home.',
    },
  );
}

function engineSettings(
  settings: Settings,
  modelFolder: string,
  { draftFolder, keptFolders }: Pick<EngineSettings, 'draftFolder' | 'keptFolders'>,
): EngineSettings {
  const { threads, preset, arithmetic, memoryBudgetBytes, minFreeDiskBytes } = settings;
  return {
    modelFolder,
    draftFolder,
    keptFolders,
    memoryBudgetBytes: memoryBudgetBytes === 0 ? null : memoryBudgetBytes,
    threads: threads === 0 ? null : threads,
    preset,
    arithmetic,
    keepAliveMs: keepAliveMs(settings),
    minFreeDiskBytes,
  };
}

function keepAliveMs({ keepAliveMinutes }: Settings): number | null {
  return keepAliveMinutes === -1 ? null : keepAliveMinutes * 60_000;
}

function uploadsOf(promised: readonly StoredJob[]): Omit<KnownUploads, 'isIncomplete'> {
  const uploads = promised.filter(({ accepted }) => accepted.uploaded);
  const pathsWhere = (isSo: (job: StoredJob) => boolean) =>
    new Set(uploads.filter(isSo).map(({ accepted }) => accepted.audioPath));
  const isKept = ({ accepted, ended }: StoredJob) => isUploadKept({ ...accepted, live: null }, ended?.error ?? null);
  return {
    wanted: pathsWhere(({ ended }) => ended === null),
    kept: pathsWhere(isKept),
    done: pathsWhere((job) => job.ended !== null && !isKept(job)),
  };
}

/** Clients may read their last answer. One that does not read, or keeps sending, does not delay the end. */
async function closeServer(server: ServerInstance, network: NetworkListener): Promise<void> {
  const timer = setTimeout(() => {
    server.server.closeAllConnections();
    network.closeAllConnections();
  }, lastAnswersMs);
  await Promise.all([server.close(), network.close()]);
  clearTimeout(timer);
}
