import type { WordEdits } from '../test/engine/support/word-errors.ts';
import { spreadOf } from './spread.ts';

/** What a transcription took. */
export interface Work {
  readonly processorSeconds: number;
  readonly wallSeconds: number;
  readonly windowSeconds: number;
}

/** A recording as one run wrote it. */
export interface Scored extends WordEdits {
  readonly file: string;
  /** The name of the run. */
  readonly mode: string;
  readonly written: number;
  readonly text: string;
  readonly warnings: readonly string[];
  /** Null for answers that somebody else has computed. */
  readonly work: Work | null;
}

export interface TableRow {
  /** As in `Scored.mode`. */
  readonly name: string;
  readonly modelBytes: number | null;
}

const heading = [
  ...['words', 'wrong', 'left out', 'put in', 'worse, better', 'size, MB', 'fallbacks', 'encoded, s', 'processor, s'],
  ...['processor to first (quartiles)', 'time to first (quartiles)'],
];
const secondsPerWindow = 30;

/**
 * A row of Markdown for each run, over recordings that all of them have transcribed. Recordings that became worse or better,
 * and what each took, are compared with the first run.
 */
export function accuracyTable(rows: readonly TableRow[], scored: readonly Scored[]): string {
  const recordingsOf = (name: string) =>
    new Map(scored.flatMap((each) => (each.mode === name ? [[each.file, each]] : [])));
  const first = recordingsOf(rows[0]?.name ?? '');
  const lines = rows.map(({ name, modelBytes }) => {
    const own = recordingsOf(name);
    const sum = (figureOf: (each: Scored) => number) =>
      [...own.values()].reduce((total, each) => total + figureOf(each), 0);
    const [words, wrong] = [sum((each) => each.words), sum((each) => each.errors)];
    const moreWrong = [...own].map(([file, each]) => each.errors - (first.get(file)?.errors ?? 0));
    return [
      name,
      words,
      `${wrong} (${((100 * wrong) / words).toFixed(1)} %)`,
      sum((each) => each.deletions),
      sum((each) => each.insertions),
      `${moreWrong.filter((more) => more > 0).length}, ${moreWrong.filter((more) => more < 0).length}`,
      modelBytes === null ? '' : (modelBytes / 1e6).toFixed(0),
      [...own.values()].filter(({ work }) => work && hasShortWindow(work) && work.windowSeconds > secondsPerWindow)
        .length,
      sum(({ work }) => work?.windowSeconds ?? 0),
      sum(({ work }) => work?.processorSeconds ?? 0).toFixed(1),
      ratioTo(first, own, ({ processorSeconds }) => processorSeconds),
      ratioTo(first, own, ({ wallSeconds }) => wallSeconds),
    ];
  });
  const table = [[`${first.size} recordings`, ...heading], Array(heading.length + 1).fill('---'), ...lines];
  return table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Whether some window was short. */
export function hasShortWindow({ windowSeconds }: Work): boolean {
  return windowSeconds % secondsPerWindow !== 0;
}

/** Recording by recording, so that what else the machine does at that time affects both. Silence takes hardly any time. */
function ratioTo(
  first: ReadonlyMap<string, Scored>,
  own: ReadonlyMap<string, Scored>,
  secondsOf: (work: Work) => number,
): string {
  const ratios = [...own].flatMap(([file, { work }]) => {
    const other = first.get(file)?.work;
    return work && other && other.windowSeconds > 0 ? [secondsOf(work) / secondsOf(other)] : [];
  });
  if (ratios.length === 0) return '';
  const { median, lowerQuartile, upperQuartile } = spreadOf(ratios);
  return `${median.toFixed(2)} (${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)})`;
}
