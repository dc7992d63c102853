import type { AvailableModel, ModelRecommendation } from '../../protocol/models.ts';
import { outputColumns, textTable } from './text-table.ts';
import { wrapText } from './wrap-text.ts';

const unknown = 'unknown';

const purposes: Readonly<Record<ModelRecommendation['purpose'], string>> = {
  everyday: 'every day',
  accuracy: 'the fewest errors',
  translation: 'translation',
  english: 'English only',
};

/** The models that are worth having, one a line, or in a narrow window one a paragraph. */
export function availableTable(available: readonly AvailableModel[], columns = outputColumns()): string {
  const header = ['NAME', 'HERE', 'DOWNLOAD', 'MEMORY', 'ERRORS', 'SPEED', 'LANGUAGES', 'TRANSLATES'];
  return textTable({ header, rows: available.map(availableRow), columns, isWhole: true });
}

function availableRow(model: AvailableModel): readonly string[] {
  const { name, downloadBytes, idleMemoryBytes, memoryBytes, languages } = model;
  const { translates, relativeSpeed, accuracy, isHere } = model;
  return [
    name,
    isHere ? 'yes' : 'no',
    downloadBytes === null ? unknown : megabytes(downloadBytes),
    `${Math.round(idleMemoryBytes / 1e6)}-${megabytes(memoryBytes)}`,
    accuracy === null ? unknown : `${accuracy.wordErrorRate.toFixed(2)} %`,
    relativeSpeed === null ? unknown : `${relativeSpeed}x`,
    languages.length === 1 ? 'English' : `${languages.length}`,
    translates ? 'yes' : 'no',
  ];
}

/** The models that suit this machine, with what for and why. */
export function recommendedText(recommended: readonly ModelRecommendation[], columns = outputColumns()): string {
  return recommended
    .map(({ purpose, name, reason }) => {
      const why = columns === null ? `  ${reason}\n` : wrapText(reason, { columns, indent: 2 });
      return `For ${purposes[purpose]}: ${name}\n${why}`;
    })
    .join('\n');
}

export function megabytes(byteCount: number): string {
  return `${Math.round(byteCount / 1e6)} MB`;
}
