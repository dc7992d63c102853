import { compare } from './compare.ts';
import type { Measured, Measurement } from './measure.ts';
import { type Spread, spreadOf } from './spread.ts';

const heading = [
  'engine',
  'weights',
  'wall, s (quartiles)',
  'CPU, s',
  'encoder, ms a window',
  'decoder, ms a token',
  'peak memory, MB',
  'wall ratio (quartiles)',
  'CPU ratio',
];

/** All contenders of one recording as a Markdown table; ratios are to the baseline. */
export function markdownTable(measured: readonly Measured[], baseline: Measured | undefined): string {
  const rows = [heading, ...measured.map((each) => rowOf(each, baseline))];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`,
  );
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  return lines.join('\n');
}

function rowOf(measured: Measured, baseline: Measured | undefined): readonly string[] {
  const { name, weights, measurements } = measured;
  const comparison = baseline && compare(measured, baseline);
  const isBaseline = measured === baseline;
  return [
    name,
    weights,
    spreadText(spreadOf(measurements.map(({ wallSeconds }) => wallSeconds))),
    medianText(measurements, ({ cpuSeconds }) => cpuSeconds, 2),
    medianText(measurements, ({ encoderSeconds, windows }) => perUnitMs(encoderSeconds, windows), 0),
    medianText(measurements, ({ decoderSeconds, tokens }) => perUnitMs(decoderSeconds, tokens), 1),
    medianText(measurements, ({ peakMemoryBytes }) => peakMemoryBytes && peakMemoryBytes / 1e6, 0),
    isBaseline ? '1' : comparison ? spreadText(comparison.ratio) : '',
    isBaseline ? '1' : (comparison?.cpuRatio?.median.toFixed(2) ?? ''),
  ];
}

function perUnitMs(seconds: number | null, units: number | null): number | null {
  return seconds === null || units === null || units === 0 ? null : (seconds * 1000) / units;
}

function medianText(
  measurements: readonly Measurement[],
  figureOf: (measurement: Measurement) => number | null,
  digits: number,
): string {
  const values = measurements.map(figureOf).filter((value) => value !== null);
  return values.length === 0 ? '' : spreadOf(values).median.toFixed(digits);
}

function spreadText({ median, lowerQuartile, upperQuartile }: Spread): string {
  return `${median.toFixed(2)} (${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)})`;
}
