import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createJobs } from '../jobs/create-jobs.ts';
import { createSpool } from '../jobs/spool.ts';
import { createLog } from '../log/create-log.ts';
import { findModel } from '../models/find-model.ts';
import { homePaths } from '../settings/home-paths.ts';
import { readSettings } from '../settings/read-settings.ts';
import { createSupervisor } from '../supervisor/create-supervisor.ts';
import { createServer } from './create-server.ts';
import type { ServerInstance } from './server-instance.ts';
import { listenAlone, prepareHome } from './single-instance.ts';

/** How long a stopping daemon keeps its connections. */
const lastAnswersMs = 1000;

/** A daemon that listens. */
export interface Daemon {
  /** Lets the running job end within its limit, then ends everything and removes the socket. */
  stop(): Promise<void>;
  /** Cancels the job that `stop` lets end. */
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
  const log = createLog({ file: paths.logFile, level: settings.logLevel });

  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'ended by a fault'));

  await mkdir(paths.temporaryFolder, { recursive: true });
  const supervisor = createSupervisor({
    engineModule: fileURLToPath(new URL('../engine/main.js', import.meta.url)),
    modelFolder: model.folder,
    threads: settings.threads === 0 ? null : settings.threads,
    temporaryFolder: paths.temporaryFolder,
    log,
  });
  const jobs = createJobs({ supervisor, log, ...settings });
  const spool = createSpool({
    folder: paths.spoolFolder,
    ...settings,
    uploadIdleMs: settings.uploadIdleSeconds * 1000,
  });
  let stopping = false;
  const server = await createServer({
    jobs,
    spool,
    supervisor,
    findModel: findByName,
    defaultModel: settings.model,
    version: readVersion(),
    log,
    isStopping: () => stopping,
  });

  const alone = await listenAlone(paths.socket, async () => {
    await spool.sweep();
    await server.listen({ path: paths.socket });
  });
  if (!alone) {
    await server.close();
    return null;
  }
  supervisor.start();
  log.info({ socket: paths.socket, model: model.name }, 'listening');
  return {
    async stop() {
      stopping = true;
      log.info('stopping');
      await jobs.stop(settings.drainSeconds * 1000);
      await closeServer(server);
      await supervisor.stop();
      log.info('stopped');
    },
    hurry() {
      void jobs.stop(0);
    },
  };
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
