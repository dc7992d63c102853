import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything that Hearth keeps lies. */
export interface HomePaths {
  readonly home: string;
  readonly socket: string;
  readonly settingsFile: string;
  /** Uploads of jobs that are not finished. */
  readonly spoolFolder: string;
  /** What the engine makes on the way, such as converted recordings. */
  readonly temporaryFolder: string;
  readonly logFile: string;
  /** What the daemon writes before its log is open, and what ends it. */
  readonly outputFile: string;
  readonly modelsFolder: string;
}

/** `HEARTH_HOME`, else Application Support on macOS and the XDG state folder elsewhere: from HOME alone. */
export function homePaths(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): HomePaths {
  const home = environment['HEARTH_HOME'] || defaultHome(environment, platform);
  return {
    home,
    socket: join(home, 'hearth.sock'),
    settingsFile: join(home, 'settings.json'),
    spoolFolder: join(home, 'spool'),
    temporaryFolder: join(home, 'temporary'),
    logFile: join(home, 'logs', 'hearth.log'),
    outputFile: join(home, 'logs', 'output.log'),
    modelsFolder: join(home, 'models'),
  };
}

function defaultHome(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const userHome = environment['HOME'] || homedir();
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Hearth');
  return join(environment['XDG_STATE_HOME'] || join(userHome, '.local', 'state'), 'hearth');
}
