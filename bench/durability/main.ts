import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `npm run bench:durability -- [options]

Kills, broken uploads, damaged databases, requests and recordings changed at random, stopped processes, a disk that becomes
read-only, answers that take more than five minutes, and a long recording, one after the other.

  --only <list>           of overhead, server-kills, disturbed-uploads, damaged-databases, broken-model, many-windows,
                          no-speech, bulk-and-clips, read-only-home, fuzzed-requests, fuzzed-recordings, slow-answers, sleeps,
                          long-recording
  --requests <number>     changed requests (default 10000)
  --recordings <number>   changed recordings, models, vocabularies and caches (default 10000)
  --seed <number>         of both (default 99)
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    only: { type: 'string' },
    requests: { type: 'string', default: '10000' },
    recordings: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '99' },
  },
});
/** From the shortest to the longest; the arguments are those of the figures in docs/operations.md. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  overhead: ['40'],
  'server-kills': ['20', '30', '7'],
  'disturbed-uploads': ['200', '5', '3'],
  'damaged-databases': ['100', '60', '1'],
  'broken-model': [],
  'many-windows': ['3'],
  'no-speech': ['10'],
  'bulk-and-clips': ['3', '24', '1'],
  'read-only-home': [],
  'fuzzed-requests': [values.requests, values.seed],
  'fuzzed-recordings': [values.recordings, values.seed],
  'slow-answers': ['330'],
  sleeps: ['60'],
  'long-recording': ['3'],
};

if (values.help) console.log(help);
else runAll(values.only?.split(',') ?? Object.keys(scripts));

function runAll(names: readonly string[]): void {
  const failed = names.filter((name) => !run(name));
  console.log(`\n${names.length - failed.length} of ${names.length} ran to their end without a fault`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function run(name: string): boolean {
  const args = scripts[name];
  if (args === undefined) throw new Error(`Expected one of ${Object.keys(scripts).join(', ')}, got ${name}.`);
  console.log(`\n${[name, ...args].join(' ')}`);
  const path = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  return spawnSync(process.execPath, [...process.execArgv, path, ...args], { stdio: 'inherit' }).status === 0;
}
