/** What the listeners may keep open, of the files that the system allows this process. */
export interface ConnectionLimits {
  readonly socket: number;
  readonly network: number;
}

/** Databases, logs, the engine's pipes, and downloads of models. */
const filesForOurselves = 48;
/** Connections that may be reading a refusal at the same time, for each open connection. */
const refusedPerConnection = 1 / 8;
/** A connection may bring an upload, which is also a file. */
const filesPerConnection = 2 + refusedPerConnection;
const mostOnSocket = 512;
const mostOnNetwork = 128;
const leastOnEach = 4;
const leastRefused = 8;

/** The network gets at most a fifth, so that it never takes what the socket needs. */
export function connectionLimits(openFiles: number = openFilesLimit()): ConnectionLimits {
  const connections = Math.max(0, openFiles - filesForOurselves) / filesPerConnection;
  const share = (part: number, most: number) => Math.max(leastOnEach, Math.min(most, Math.floor(connections * part)));
  return { socket: share(0.8, mostOnSocket), network: share(0.2, mostOnNetwork) };
}

/** Connections that may be reading a refusal at the same time, beside those that are open. */
export function mostRefusedBeside(connections: number): number {
  return Math.max(leastRefused, Math.floor(connections * refusedPerConnection));
}

/** Node raises the soft limit to the hard one when it starts. */
function openFilesLimit(): number {
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: number | 'unlimited' } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
