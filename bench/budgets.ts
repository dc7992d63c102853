import { compare } from './compare.ts';
import type { Measured } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface Budget {
  readonly measure: string;
  readonly limit: number;
  readonly unit: '' | ' ms' | ' s' | ' %';
  readonly measured: Spread;
  /** Ratio of processor times, which other work on the machine affects least. */
  readonly cpuRatio?: number;
}

export interface BudgetInputs {
  readonly short: readonly Measured[];
  readonly long: readonly Measured[];
  /** Daemon and engine with a recording of five seconds. */
  readonly overhead: readonly Measured[];
  readonly cliStartSeconds: readonly number[];
  readonly engineStartSeconds: readonly number[];
}

/** The goals, and what this run measured. Contenders that did not run are left out. */
export function readBudgets(inputs: BudgetInputs): readonly Budget[] {
  const { short, long, overhead, cliStartSeconds, engineStartSeconds } = inputs;
  const shares = short.flatMap(({ measurements }) => measurements.flatMap(({ logMelShare = [] }) => logMelShare));
  const [daemon, engine] = overhead;
  return [
    ...ratio('short recording', 0.4, short, "Hearth's daemon", 'faster-whisper int8'),
    ...ratio('short recording', 0.28, short, "Hearth's daemon, short windows", 'faster-whisper int8'),
    ...ratio('short recording', 0.3, short, "Hearth's daemon", 'whisper.cpp'),
    ...ratio('long recording', 0.5, long, "Hearth's daemon", 'faster-whisper int8, batches'),
    ...ratio('long recording', 0.4, long, "Hearth's daemon in 8 bits", 'faster-whisper int8, batches'),
    ...figure('log-mel, share of a short request', 2, ' %', shares, 100),
    ...(daemon && engine
      ? figure('the daemon around its engine, five seconds of sound', 10, ' ms', differences(daemon, engine), 1000)
      : []),
    ...figure('command line, from its start to the first byte sent', 100, ' ms', cliStartSeconds, 1000),
    ...figure('engine process, from its start to warm', 1, ' s', engineStartSeconds, 1),
  ];
}

export function describeBudget({ measure, limit, measured, unit, cpuRatio }: Budget): string {
  const digits = unit === '' || unit === ' s' ? 2 : 1;
  const { median, lowerQuartile, upperQuartile } = measured;
  const spread = `${lowerQuartile.toFixed(digits)} to ${upperQuartile.toFixed(digits)}`;
  const cpu = cpuRatio === undefined ? '' : `, CPU ${cpuRatio.toFixed(2)}`;
  const verdict = median <= limit ? 'met   ' : 'MISSED';
  return `${verdict}  ${measure}: ${median.toFixed(digits)}${unit} (${spread}${cpu}), budget ${limit}${unit}`;
}

function ratio(what: string, limit: number, measured: readonly Measured[], ours: string, theirs: string): Budget[] {
  const [a, b] = [ours, theirs].map((beginning) => measured.find(({ name }) => name.startsWith(beginning)));
  if (a === undefined || b === undefined) return [];
  const { ratio: spread, cpuRatio } = compare(a, b);
  const cpu = cpuRatio === null ? {} : { cpuRatio: cpuRatio.median };
  return [{ measure: `${what}, ${a.name} against ${b.name}`, limit, unit: '', measured: spread, ...cpu }];
}

function figure(
  measure: string,
  limit: number,
  unit: Budget['unit'],
  values: readonly number[],
  scale: number,
): Budget[] {
  return values.length === 0
    ? []
    : [{ measure, limit, unit, measured: spreadOf(values.map((value) => value * scale)) }];
}

function differences(ours: Measured, theirs: Measured): number[] {
  return ours.measurements.flatMap(({ wallSeconds }, round) => {
    const other = theirs.measurements[round];
    return other === undefined ? [] : [wallSeconds - other.wallSeconds];
  });
}
