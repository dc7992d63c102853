import type { Measured } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface Comparison {
  readonly name: string;
  readonly baseline: string;
  /** Of wall times of the same round. */
  readonly ratio: Spread;
  readonly cpuRatio: Spread | null;
}

/** Compares two contenders round by round, so that a disturbance affects both. */
export function compare(ours: Measured, theirs: Measured): Comparison {
  const pairs = ours.measurements.flatMap((measurement, round) => {
    const other = theirs.measurements[round];
    return other === undefined ? [] : [[measurement, other] as const];
  });
  const cpuPairs = pairs.flatMap(([a, b]) => (a.cpuSeconds && b.cpuSeconds ? [a.cpuSeconds / b.cpuSeconds] : []));
  return {
    name: ours.name,
    baseline: theirs.name,
    ratio: spreadOf(pairs.map(([a, b]) => a.wallSeconds / b.wallSeconds)),
    cpuRatio: cpuPairs.length === 0 ? null : spreadOf(cpuPairs),
  };
}
