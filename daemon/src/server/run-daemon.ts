import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openHistory } from '../history/open-history.ts';
import { createJobs } from '../jobs/create-jobs.ts';
import { type JournaledJob, openJournal } from '../jobs/open-journal.ts';
import { createSpool } from '../jobs/spool.ts';
import { createLog } from '../log/create-log.ts';
import { findModel } from '../models/find-model.ts';
import { homePaths } from '../settings/home-paths.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { createSupervisor } from '../supervisor/create-supervisor.ts';
import type { EngineSettings } from '../supervisor/supervisor.ts';
import { createServer } from './create-server.ts';
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
  const settings = readSettings(paths.settingsFile);
  const findByName = (name: string) => findModel({ name, downloadedModelsFolder: paths.modelsFolder });
  const model = await findByName(settings.model);

  // Nothing of the home is touched before it is sure that no other daemon uses it.
  return listenAlone(paths.socket, async () => {
    const log = createLog({ file: paths.logFile, level: settings.logLevel });
    process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'ended by a fault'));
    await mkdir(paths.temporaryFolder, { recursive: true });
    const supervisor = createSupervisor({
      engineModule: fileURLToPath(new URL('../engine/main.js', import.meta.url)),
      ...engineSettings(settings, model.folder),
      temporaryFolder: paths.temporaryFolder,
      log,
    });
    const spool = createSpool({ folder: paths.spoolFolder, limits: () => settings });
    const history = openHistory({ path: paths.historyFile, log, limits: () => settings });
    const journal = await openJournal(paths.journalFile);
    const jobs = createJobs({
      ...{ supervisor, log, journal, history },
      removeUpload: (path) => spool.remove(path),
      limits: () => settings,
    });
    let stopping = false;
    const server = await createServer({
      ...{ jobs, spool, supervisor, history, log },
      findModel: findByName,
      settings: () => settings,
      warnings: () => [...journalWarnings(journal.damagedCopy), ...history.warnings()],
      version: readVersion(),
      isStopping: () => stopping,
    });

    const promised = journal.jobs;
    await spool.sweep(uploadsOf(promised));
    await server.listen({ path: paths.socket });
    supervisor.start();
    await jobs.restore(await Promise.all(promised.map((job) => withModelOfToday(job, { settings, findByName }))));
    log.info({ socket: paths.socket, model: model.name, promisedJobs: promised.length }, 'listening');
    return {
      async stop() {
        stopping = true;
        log.info('stopping');
        await jobs.stop(settings.drainSeconds * 1000);
        await closeServer(server);
        await supervisor.stop();
        await journal.close();
        history.close();
        log.info('stopped');
      },
      hurry() {
        void jobs.stop(0);
      },
    };
  });
}

function engineSettings({ threads, keepAliveMinutes }: Settings, modelFolder: string): EngineSettings {
  return {
    modelFolder,
    threads: threads === 0 ? null : threads,
    keepAliveMs: keepAliveMinutes === -1 ? null : keepAliveMinutes * 60_000,
  };
}

/** Uploads that a daemon before this one promised to transcribe. */
function uploadsOf(promised: readonly JournaledJob[]): ReadonlySet<string> {
  const waiting = promised.filter(({ ended, accepted }) => ended === null && accepted.uploaded);
  return new Set(waiting.map(({ accepted }) => accepted.audioPath));
}

interface ModelChoice {
  readonly settings: Settings;
  readonly findByName: (name: string) => Promise<{ readonly folder: string }>;
}

/** An update of Hearth may have moved the model that a job was promised with. */
async function withModelOfToday(job: JournaledJob, { settings, findByName }: ModelChoice): Promise<JournaledJob> {
  const { accepted, ended } = job;
  if (ended !== null || existsSync(accepted.modelFolder)) return job;
  const found = await findByName(accepted.options.model ?? settings.model).catch(() => null);
  return found === null ? job : { ended, accepted: { ...accepted, modelFolder: found.folder } };
}

function journalWarnings(damagedCopy: string | null): readonly string[] {
  if (damagedCopy === null) return [];
  return [`The journal of jobs was damaged; jobs that could not be read from it are lost. A copy is ${damagedCopy}.`];
}

/** Clients get to read their last answer; one that does not, or that sends without end, does not hold up the end. */
async function closeServer(server: ServerInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), lastAnswersMs);
  await server.close();
  clearTimeout(timer);
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
