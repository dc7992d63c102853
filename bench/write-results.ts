import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measure.ts';
import { svgPlot } from './plot.ts';

const publishedFolder = fileURLToPath(new URL('results', import.meta.url));
const ownFolder = fileURLToPath(new URL('../build/bench/results', import.meta.url));

export interface MeasuredRecording {
  readonly title: string;
  readonly file: string;
  readonly measured: readonly Measured[];
}

/** Everything that was measured as JSON, and a plot for each recording. Gives the folder. */
export async function writeResults(request: {
  readonly publish: boolean;
  readonly recordings: readonly MeasuredRecording[];
  readonly others: Readonly<Record<string, unknown>>;
}): Promise<string> {
  const { publish, recordings, others } = request;
  const folder = publish ? publishedFolder : ownFolder;
  await mkdir(folder, { recursive: true });
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, system: release(), load: loadavg() };
  const results = { date: new Date().toISOString(), machine, recordings, ...others };
  await writeFile(join(folder, 'cpu.json'), `${JSON.stringify(results, null, 2)}\n`);
  for (const { title, file, measured } of recordings) {
    if (measured.length > 0) await writeFile(join(folder, `cpu-${file}.svg`), svgPlot(title, measured));
  }
  return folder;
}
