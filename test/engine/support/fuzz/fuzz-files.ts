import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TriedFiles } from './try-files.ts';

export interface FuzzFilesRequest {
  readonly files: number;
  readonly seed: number;
  /** Hears every ten thousand tries how much memory the process has that makes them. */
  readonly onReport?: (report: { readonly tried: number; readonly residentBytes: number }) => void;
}

export interface FuzzedFiles {
  readonly outcomes: Readonly<Record<string, number>>;
  /** What is neither read nor refused with a reason. */
  readonly faults: readonly string[];
}

/** Longer than any try takes. */
const hangMs = 300_000;
const module = fileURLToPath(new URL('try-files.ts', import.meta.url));

/**
 * Reads recordings, models, vocabularies and caches that were changed at random, in a process of their own. One that ends
 * it is told with its number, and the next process goes on behind it.
 */
export async function fuzzFiles({ files, seed, onReport }: FuzzFilesRequest): Promise<FuzzedFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-place-'));
  const place = join(folder, 'place');
  const outcomes: Record<string, number> = {};
  const faults: string[] = [];

  function add(report: TriedFiles): void {
    faults.push(...report.faults);
    for (const [outcome, count] of Object.entries(report.outcomes)) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
    }
    onReport?.({ tried: report.next, residentBytes: report.residentBytes });
  }

  for (let next = 0; next < files; ) {
    await writeFile(place, String(next).padEnd(12));
    const end = await tryFrom([seed, next, files].map(String), place, add);
    if (end === null) break;
    const number = Number(await readFile(place, 'utf8'));
    faults.push(`try ${number} of seed ${seed} ended the process: ${end}`);
    next = number + 1;
  }
  await rm(folder, { recursive: true });
  return { outcomes, faults };
}

/** Null when all were tried, else what ended the process. */
async function tryFrom(
  range: readonly string[],
  place: string,
  onTried: (tried: TriedFiles) => void,
): Promise<string | null> {
  const child = fork(module, [...range, place], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  child.on('message', (tried: TriedFiles) => onTried(tried));
  let lastWords = '';
  child.stderr?.on('data', (chunk) => {
    lastWords = `${lastWords}${chunk}`.slice(-2000);
  });
  let last = '';
  const watch = setInterval(async () => {
    const number = await readFile(place, 'utf8');
    if (number === last) child.kill('SIGKILL');
    last = number;
  }, hangMs);
  const [code, signal] = await once(child, 'exit');
  clearInterval(watch);
  return code === 0 ? null : `${signal ?? `exit code ${code}`}: ${lastWords}`;
}
