import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Measured } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

const resultsFolder = fileURLToPath(new URL('results', import.meta.url));

export interface Comparison {
  readonly name: string;
  readonly baseline: string;
  /** Of the same round's wall times. */
  readonly ratio: Spread;
  readonly differenceSeconds: Spread;
}

/** Compares each contender with a baseline round by round. */
export function compare(measured: readonly Measured[], baseline: Measured): readonly Comparison[] {
  return measured
    .filter((each) => each !== baseline)
    .map(({ name, measurements }) => {
      const pairs = measurements.map((ours, round) => {
        const theirs = baseline.measurements[round] as (typeof measurements)[0];
        return [ours.wallSeconds, theirs.wallSeconds] as const;
      });
      return {
        name,
        baseline: baseline.name,
        ratio: spreadOf(pairs.map(([ours, theirs]) => ours / theirs)),
        differenceSeconds: spreadOf(pairs.map(([ours, theirs]) => ours - theirs)),
      };
    });
}

export function describeMeasured({ name, text, measurements }: Measured): string {
  const wall = spreadOf(measurements.map((each) => each.wallSeconds));
  const cpu = measurements.flatMap((each) => (each.cpuSeconds === null ? [] : [each.cpuSeconds]));
  const cpuText = cpu.length === 0 ? '' : `, CPU ${seconds(spreadOf(cpu).median)}`;
  return `${name}: wall ${describeSpread(wall, seconds)}${cpuText}\n  "${text.trim().slice(0, 100)}"`;
}

export function describeRatio({ name, baseline, ratio }: Comparison): string {
  return `${name}: ratio to ${baseline} ${describeSpread(ratio, (value) => value.toFixed(2))}`;
}

export function describeOverhead({ name, baseline, differenceSeconds }: Comparison): string {
  const milliseconds = (value: number) => `${(value * 1000).toFixed(1)} ms`;
  return `${name}: over ${baseline} ${describeSpread(differenceSeconds, milliseconds)}`;
}

/** Writes everything that was measured into bench/results. */
export async function writeResults(results: unknown): Promise<string> {
  await mkdir(resultsFolder, { recursive: true });
  const date = new Date().toISOString();
  const path = join(resultsFolder, `${date.replaceAll(':', '-')}.json`);
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, system: release(), load: loadavg() };
  await writeFile(path, `${JSON.stringify({ date, machine, results }, null, 2)}\n`);
  return path;
}

function describeSpread({ min, median, lowerQuartile, upperQuartile }: Spread, format: (value: number) => string) {
  return `median ${format(median)} (quartiles ${format(lowerQuartile)} to ${format(upperQuartile)}, best ${format(min)})`;
}

function seconds(value: number): string {
  return `${value.toFixed(3)} s`;
}
