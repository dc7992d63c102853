import { readdirSync } from 'node:fs';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { freePort } from '../../test/e2e/support/free-port.ts';
import { fuzzDaemon } from '../../test/e2e/support/fuzz/fuzz-daemon.ts';
import { randomNumbers } from '../../test/e2e/support/random-numbers.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';

const bytesPerMegabyte = 1_000_000;
const token = 'a-token-of-more-than-thirty-two-characters';

/** `node bench/durability/fuzzed-requests.ts [requests] [seed]`: over the socket and TCP, with and without the token. */
const [requests = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const port = await freePort();
const daemon = await startDaemon({
  environment: {
    HEARTH_HUB_ENDPOINT: 'http://127.0.0.1:1',
    HEARTH_LISTEN: `127.0.0.1:${port}`,
    HEARTH_TOKEN: token,
    HEARTH_UPLOAD_IDLE_SECONDS: '2',
    HEARTH_LOG_LEVEL: 'warn',
    // What no decoder knows is refused at once: converters have a campaign of their own.
    PATH: '/nowhere',
  },
});
await look(0);
const { sent, statuses, faults } = await fuzzDaemon({
  socketPath: daemon.socketPath,
  network: { port, token },
  requests,
  random: randomNumbers(seed),
  onTenThousand: look,
});
await untilIdle();
await look(sent);
const health = await readHealth(daemon);
const isSameProcess = health.processId === daemon.child.pid;
const uploadsLeft = (await daemon.spooled()).length;
console.log({
  sent,
  statuses,
  status: health.status,
  engineRestarts: health.engine.restarts,
  isSameProcess,
  uploadsLeft,
});
for (const fault of faults) console.log(fault);
const exitCode = await daemon.stop();
if (faults.length > 0 || !isSameProcess || health.engine.restarts > 0 || uploadsLeft > 0 || exitCode !== 0)
  process.exitCode = 1;

async function look(count: number): Promise<void> {
  const { server, engine } = await readResidency(daemon);
  console.log({
    sent: count,
    at: new Date().toISOString().slice(11, 19),
    serverMegabytes: Math.round(server.residentBytes / bytesPerMegabyte),
    engineMegabytes: Math.round((engine.memory?.residentBytes ?? 0) / bytesPerMegabyte),
    openFiles: openFilesOf(daemon.child.pid),
  });
}

/** Null where the system does not show them. */
function openFilesOf(processId: number | undefined): number | null {
  try {
    return readdirSync(`/proc/${processId}/fd`).length;
  } catch {
    return null;
  }
}

async function untilIdle(): Promise<void> {
  for (;;) {
    const { jobs } = await readHealth(daemon);
    if (jobs.queued + jobs.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
