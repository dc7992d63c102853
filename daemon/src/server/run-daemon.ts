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
import { listenAlone, prepareHome } from './single-instance.ts';

/** A daemon that listens; null when another one does already. */
export interface Daemon {
  readonly socketPath: string;
  /** Lets the running job end within its limit, then ends everything and removes the socket. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together and listens: settings, log, supervisor, jobs, server.
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
  const { logger, close: closeLog } = createLog({ file: paths.logFile, level: settings.logLevel });

  await mkdir(paths.temporaryFolder, { recursive: true });
  const supervisor = createSupervisor({
    engineModule: fileURLToPath(new URL('../engine/main.js', import.meta.url)),
    modelFolder: model.folder,
    threads: settings.threads === 0 ? null : settings.threads,
    temporaryFolder: paths.temporaryFolder,
    log: logger,
  });
  const jobs = createJobs({ supervisor, log: logger, ...settings });
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
    log: logger,
    isStopping: () => stopping,
  });

  const alone = await listenAlone(paths.socket, async () => {
    await spool.sweep();
    await server.listen({ path: paths.socket });
  });
  if (!alone) {
    await server.close();
    await closeLog();
    return null;
  }
  supervisor.start();
  logger.info({ socket: paths.socket, model: model.name }, 'listening');
  return {
    socketPath: paths.socket,
    async stop() {
      stopping = true;
      logger.info('stopping');
      await jobs.stop(settings.drainSeconds * 1000);
      await server.close();
      await supervisor.stop();
      logger.info('stopped');
      await closeLog();
    },
  };
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
