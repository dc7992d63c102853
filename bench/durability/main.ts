import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** From the shortest to the longest; the arguments are those of the figures in docs/operations.md. */
const scripts: readonly (readonly string[])[] = [
  ['overhead.ts', '40'],
  ['server-kills.ts', '20', '30', '7'],
  ['disturbed-uploads.ts', '200', '5', '3'],
  ['fuzzed-requests.ts', '10000', '99'],
  ['long-recording.ts', '3'],
];
const failed: string[] = [];
for (const [script = '', ...args] of scripts) {
  console.log(`\n${[script, ...args].join(' ')}`);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(process.execPath, [...process.execArgv, path, ...args], { stdio: 'inherit' });
  if (status !== 0) failed.push(script);
}
console.log(`\n${scripts.length - failed.length} of ${scripts.length} ran to their end`);
process.exitCode = failed.length === 0 ? 0 : 1;
