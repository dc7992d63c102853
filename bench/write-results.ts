import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Budget } from './budgets.ts';
import type { Measured } from './measure.ts';
import { svgPlot } from './plot.ts';

const publishedFolder = fileURLToPath(new URL('results', import.meta.url));
const ownFolder = fileURLToPath(new URL('../build/bench/results', import.meta.url));

/** What was measured with one recording as JSON and as a plot, once it is known. */
export async function writeRecording(request: {
  readonly publish: boolean;
  readonly title: string;
  readonly file: string;
  readonly measured: readonly Measured[];
}): Promise<void> {
  const { publish, title, file, measured } = request;
  await writeJson(publish, `cpu-${file}.json`, { title, measured });
  await writeFile(join(folderFor(publish), `cpu-${file}.svg`), svgPlot(title, measured));
}

/** Gives the folder of all results. */
export async function writeBudgets(request: {
  readonly publish: boolean;
  readonly threads: number;
  readonly budgets: readonly Budget[];
}): Promise<string> {
  const { publish, ...results } = request;
  await writeJson(publish, 'cpu-budgets.json', results);
  return folderFor(publish);
}

async function writeJson(publish: boolean, name: string, results: object): Promise<void> {
  await mkdir(folderFor(publish), { recursive: true });
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, system: release(), load: loadavg() };
  const described = { date: new Date().toISOString(), machine, ...results };
  await writeFile(join(folderFor(publish), name), `${JSON.stringify(described, null, 2)}\n`);
}

function folderFor(publish: boolean): string {
  return publish ? publishedFolder : ownFolder;
}
