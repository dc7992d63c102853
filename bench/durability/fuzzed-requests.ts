import { readHealth } from '../../daemon/src/client/health.ts';
import { fuzzSocket } from '../../test/e2e/support/fuzz-socket.ts';
import { randomNumbers } from '../../test/e2e/support/random-numbers.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';

/** `node bench/durability/fuzzed-requests.ts [requests] [seed]` */
const [requests = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const daemon = await startDaemon({ environment: { HEARTH_HUB_ENDPOINT: 'http://127.0.0.1:1' } });
const outcome = await fuzzSocket(daemon, { requests, random: randomNumbers(seed) });
const health = await readHealth(daemon);
console.log({ ...outcome, status: health.status, isSameProcess: health.processId === daemon.child.pid });
await daemon.stop();
