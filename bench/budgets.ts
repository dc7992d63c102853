import { compare } from './compare.ts';
import type { Measured } from './measure.ts';
import { spreadOf } from './spread.ts';

export interface Budget {
  readonly measure: string;
  readonly limit: number;
  readonly measured: number;
  readonly unit: '' | ' ms' | ' s' | ' %';
}

export interface BudgetInputs {
  readonly short: readonly Measured[];
  readonly long: readonly Measured[];
  /** Daemon and engine on a recording of five seconds. */
  readonly overhead: readonly Measured[];
  readonly cliStartSeconds: readonly number[];
  readonly engineStartSeconds: readonly number[];
}

/** What was aimed at, and what was measured of it in this run. */
export function readBudgets({ short, long, overhead, cliStartSeconds, engineStartSeconds }: BudgetInputs): Budget[] {
  const median = (values: readonly number[]) => spreadOf(values).median;
  const budgets: Budget[] = [];
  const addRatio = (measured: readonly Measured[], ours: string, theirs: string, limit: number, what: string) => {
    const [a, b] = [ours, theirs].map((beginning) => measured.find(({ name }) => name.startsWith(beginning)));
    if (a === undefined || b === undefined) return;
    budgets.push({
      measure: `${what}: ${a.name} against ${b.name}`,
      limit,
      unit: '',
      measured: compare(a, b).ratio.median,
    });
  };
  const add = (measure: string, limit: number, unit: Budget['unit'], values: readonly number[]) => {
    if (values.length > 0) budgets.push({ measure, limit, unit, measured: median(values) });
  };
  addRatio(short, "Hearth's daemon", 'faster-whisper', 0.5, 'short recording');
  addRatio(short, "Hearth's daemon", 'whisper.cpp', 0.3, 'short recording');
  addRatio(long, "Hearth's daemon, batches", 'faster-whisper int8, batches', 0.5, 'long recording');
  const shares =
    short[0]?.measurements.flatMap(({ logMelShare }) => (logMelShare === undefined ? [] : [logMelShare])) ?? [];
  add(
    'log-mel, share of a short request',
    2,
    ' %',
    shares.map((share) => share * 100),
  );
  const [daemon, engine] = overhead;
  if (daemon !== undefined && engine !== undefined) {
    add('the daemon around its engine, five seconds of sound', 10, ' ms', [
      compare(daemon, engine).differenceSeconds.median * 1000,
    ]);
  }
  add(
    'command line, from its start to the first byte sent',
    100,
    ' ms',
    cliStartSeconds.map((seconds) => seconds * 1000),
  );
  add('engine process, from its start to warm', 1.5, ' s', engineStartSeconds);
  return budgets;
}

export function describeBudget({ measure, limit, measured, unit }: Budget): string {
  const digits = unit === '' || unit === ' s' ? 2 : 1;
  return `${measured <= limit ? 'met   ' : 'MISSED'}  ${measure}: ${measured.toFixed(digits)}${unit}, budget ${limit}${unit}`;
}
