import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Scripts that print a budget of their own, each with a daemon of its own. */
const scripts = [
  ['live.ts'],
  ['live.ts', '--window', 'short'],
  ['durability/bulk-and-clips.ts', '1', '24', '1'],
  ['thousand-requests.ts'],
];

/** Runs them one after the other and shows the lines that name a budget. */
export function runOtherBudgets(): void {
  for (const [script, ...options] of scripts) {
    const path = fileURLToPath(new URL(script as string, import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [...process.execArgv, path, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    const lines = stdout.split('\n').filter((line) => /^(met|MISSED) /.test(line));
    const name = [script, ...options].join(' ');
    for (const line of lines) console.log(`${line} (${name})`);
    if (status !== 0) console.log(`FAULT   ${name} ended with ${status}:\n${stdout}`);
  }
}
