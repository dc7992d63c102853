import { readHealth } from '../../client/health.ts';
import type { Health } from '../../protocol/health.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { readLockHolder } from '../../settings/lock-holder.ts';
import { ownVersion } from '../../settings/own-version.ts';
import { settingsOrDefaults } from './check-installation.ts';
import { type Finding, ok } from './finding.ts';

/** The health of the daemon; null if none is running, or the one that is does not answer. */
export function readHealthOrNull(socketPath: string): Promise<Health | null> {
  return readHealth({ socketPath }).catch((error: { code?: string }) => {
    if (error.code === 'DAEMON_UNREACHABLE' || error.code === 'DAEMON_NOT_ANSWERING') return null;
    throw error;
  });
}

export function checkDaemon(health: Health | null, paths: HomePaths): Finding {
  if (health === null) return withoutDaemon(paths);
  const { version, processId, problems, warnings } = health;
  const own = ownVersion();
  const isOther = version !== own;
  const running = isOther ? `${version} is running, ${own} is installed` : `${version}, pid ${processId}`;
  const restart = isOther ? ['Run `hearth restart`.'] : [];
  return {
    state: problems.length > 0 ? 'wrong' : isOther || warnings.length > 0 ? 'warning' : 'ok',
    found: [running, ...problems.map(({ message }) => message)].join('; '),
    advice: [...restart, ...problems.map(({ hint }) => hint), ...warnings].join(' ') || null,
  };
}

/** A process that holds the home without answering is starting, stopping or stuck. */
function withoutDaemon(paths: HomePaths): Finding {
  const holder = readLockHolder(paths);
  if (holder === null) {
    const advice = 'The next recording starts it, and so does `hearth start`.';
    return { state: 'warning', found: 'not running', advice };
  }
  const { processId } = holder;
  const found = processId === null ? 'another process' : `process ${processId}`;
  const advice = processId === null ? null : `Wait for it, or end it with \`kill -9 ${processId}\`.`;
  return { state: 'wrong', found: `${found} uses the home, but does not answer`, advice };
}

export function checkTcp(health: Health | null, { settingsFile }: HomePaths): Finding {
  const { listen: wanted } = settingsOrDefaults(settingsFile);
  if (wanted === '') return ok(health?.listen ?? 'off');
  if (health === null) return ok(`${wanted}, once the daemon is running`);
  if (health.listen !== null) return ok(health.listen);
  const advice = 'Check that no other program uses the address, then run `hearth restart`.';
  return { state: 'warning', found: `${wanted} is set, but the daemon does not listen there`, advice };
}

export function checkEngine(health: Health | null): Finding {
  if (health === null) return { state: 'warning', found: 'unknown, since no daemon answers', advice: null };
  const { status, model, restarts, lastError } = health.engine;
  if (lastError !== null) {
    const found = `${status}: ${lastError.message}`;
    return { state: status === 'failed' ? 'wrong' : 'warning', found, advice: lastError.hint };
  }
  const loaded = model === null ? '' : `, ${model}`;
  const times = restarts === 1 ? 'once' : `${restarts} times`;
  return ok(restarts === 0 ? status + loaded : `${status}${loaded}, restarted ${times}; \`hearth logs\` shows why`);
}
