import type { ServiceStatus } from '@hearth/launchd';
import type { Health } from '../messages/health.ts';

export interface StatusTextRequest {
  readonly health: Health;
  /** Null when the daemon is not installed as a service. */
  readonly service: ServiceStatus | null;
  readonly socketPath: string;
}

/** The daemon's state for people, one fact a line. */
export function statusText({ health, service, socketPath }: StatusTextRequest): string {
  const { version, status, processId, uptimeSeconds, listen, engine, jobs, problems, warnings } = health;
  const facts: readonly (readonly [string, string])[] = [
    ['Hearth', `${version}, ${status}`],
    ['Process', `${processId}, up ${duration(uptimeSeconds)}`],
    ['Engine', engineText(engine)],
    ['Jobs', `${jobs.running} running, ${jobs.queued} queued`],
    ['Service', serviceText(service, processId)],
    ['Socket', socketPath],
    ['Network', listen ?? 'not listened on'],
    // The engine's own reason stands with the engine.
    ...problems
      .filter(({ message }) => message !== engine.lastError?.message)
      .map(({ message, hint }) => ['Problem', `${message} ${hint}`] as const),
    ...warnings.map((warning) => ['Warning', warning] as const),
  ];
  return facts.map(([name, value]) => `${name.padEnd(8)} ${value}\n`).join('');
}

function engineText({ status, loadingProgress, model, restarts, lastError }: Health['engine']): string {
  return [
    status,
    ...(loadingProgress === null ? [] : [`${Math.round(loadingProgress * 100)} % loaded`]),
    ...(model === null ? [] : [model]),
    ...(restarts === 0 ? [] : [`${restarts} restarts`]),
    ...(lastError === null ? [] : [lastError.message]),
  ].join(', ');
}

function serviceText(service: ServiceStatus | null, processId: number): string {
  if (service === null) return 'none; `hearth install` runs Hearth at every login';
  const { manager, name, advice } = service;
  // A daemon that a command started before the service was.
  const isOther = service.processId !== processId;
  return [
    `${manager}, ${name}`,
    ...(isOther ? ['which does not run this process; `hearth restart` changes that'] : []),
    ...(isOther && advice !== null ? [advice] : []),
  ].join(', ');
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
