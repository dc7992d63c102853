import type { ServiceStatus } from '@hearth/launchd';
import type { Command } from 'commander';
import { readHealth, readResidency } from '../../client/health.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { Health } from '../../protocol/health.ts';
import { daemonLocation } from '../daemon-location.ts';
import { exitCodes } from '../exit-codes.ts';
import { installedService } from '../service/hearth-service.ts';
import { printJson, printText } from '../terminal/print.ts';

/** `hearth status`. */
export function define(command: Command): void {
  command
    .description(`Shows the daemon's status. The exit code is ${exitCodes.daemonUnreachable} if no daemon is running.`)
    .option('--json', 'Print health, memory and service as JSON.')
    .action(status);
}

async function status({ json = false }: { readonly json?: boolean }): Promise<void> {
  const daemon = { socketPath: daemonLocation().socketPath };
  const service = (await installedService()?.status()) ?? null;
  const health = await readHealth(daemon).catch((error: HearthError) => {
    throw new HearthError(error.code, error.message, { hint: service?.advice ?? error.hint, cause: error });
  });
  if (json) printJson({ health, ps: await readResidency(daemon), service });
  else printText(statusText({ ...daemon, health, service }));
}

export interface StatusTextRequest {
  readonly health: Health;
  /** Null when the daemon is not installed as a service. */
  readonly service: ServiceStatus | null;
  readonly socketPath: string;
}

/** The daemon's status for people, one fact a line. */
export function statusText({ health, service, socketPath }: StatusTextRequest): string {
  const { version, status, processId, uptimeSeconds, listen, engine, jobs, problems, warnings } = health;
  const facts: readonly (readonly [string, string])[] = [
    ['Hearth', `${version}, ${status}`],
    ['Process', `${processId}, up ${duration(uptimeSeconds)}`],
    ['Engine', engineText(engine)],
    ['Jobs', `${jobs.running} running, ${jobs.queued} queued`],
    ['Service', serviceText(service, processId)],
    ['Socket', socketPath],
    ['TCP', listen ?? 'off'],
    // The engine's own problem is on the line of the engine.
    ...problems
      .filter(({ message }) => message !== engine.lastError?.message)
      .map(({ message, hint }) => ['Problem', `${message} ${hint}`] as const),
    ...warnings.map((warning) => ['Warning', warning] as const),
  ];
  return facts.map(([name, value]) => `${name.padEnd(8)} ${visibleText(value)}\n`).join('');
}

function engineText({ status, loadingProgress, model, restarts, lastError }: Health['engine']): string {
  const parts = [
    status,
    loadingProgress === null ? null : `${Math.round(loadingProgress * 100)} % loaded`,
    model,
    restarts === 0 ? null : `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`,
    lastError === null ? null : `${lastError.message} ${lastError.hint}`.trim(),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function serviceText(service: ServiceStatus | null, processId: number): string {
  if (service === null) return 'none; `hearth install` starts Hearth at every login';
  const { manager, name, advice } = service;
  const parts = [`${manager}, ${name}`];
  // A command may have started the daemon before the service was installed.
  if (service.processId !== processId) {
    parts.push('which did not start this daemon; `hearth restart` changes that');
    if (advice !== null) parts.push(advice);
  }
  return parts.join(', ');
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
