import type { Health } from '../messages/health.ts';

/** The daemon's state for people, one fact a line. */
export function statusText({ health, socketPath }: { readonly health: Health; readonly socketPath: string }): string {
  const { version, status, processId, uptimeSeconds, engine, jobs } = health;
  const facts: readonly (readonly [string, string])[] = [
    ['Hearth', `${version}, ${status}`],
    ['Process', `${processId}, up ${duration(uptimeSeconds)}`],
    ['Engine', engineText(engine)],
    ['Jobs', `${jobs.running} running, ${jobs.queued} queued`],
    ['Socket', socketPath],
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

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
