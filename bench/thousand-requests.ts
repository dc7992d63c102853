import { parseArgs } from 'node:util';
import { type MemoryAfter, watchMemory } from '../test/e2e/support/watch-memory.ts';
import { describeBudget } from './budgets.ts';
import { spreadOf } from './spread.ts';

const help = `node bench/thousand-requests.ts [--requests <number>]

Sends requests of mixed lengths and options, one after the other, to a daemon of its own, and prints what memory its
processes take after 20, 100, 200 … of them. The budget is 1.05 times what the engine takes after 20.
`;

const { values } = parseArgs({
  options: { help: { type: 'boolean', default: false }, requests: { type: 'string', default: '1000' } },
});

if (values.help) console.log(help);
else await run(Number(values.requests));

async function run(requests: number): Promise<void> {
  const hundreds = Array.from({ length: Math.floor(requests / 100) }, (_, i) => (i + 1) * 100);
  const milestones = [...new Set([20, ...hundreds, requests])].filter((count) => count <= requests);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const startedMs = performance.now();
  const { milestones: read, unsteady } = await watchMemory({
    milestones,
    signal: interrupted.signal,
    onMilestone: (memory) => console.log(describe(memory, (performance.now() - startedMs) / 1000)),
  });
  const [first, last] = [read[0] as MemoryAfter, read.at(-1) as MemoryAfter];
  const measured = spreadOf([last.engineBytes / first.engineBytes]);
  const measure = `engine's memory after ${last.requests} requests against after 20`;
  console.log(describeBudget({ measure, limit: 1.05, unit: '', measured }));
  console.log(`server: ${(last.serverBytes / first.serverBytes).toFixed(3)} times as much`);
  console.log(`requests that took other windows, steps or tokens when they were made again: ${unsteady.length}`);
  for (const each of unsteady) console.log(`  ${each}`);
}

function describe({ requests, engineBytes, serverBytes }: MemoryAfter, seconds: number): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  return `${requests} requests, ${seconds.toFixed(0)} s: engine ${megabytes(engineBytes)}, server ${megabytes(serverBytes)}`;
}
