import type { AvailableModel, ModelRecommendation } from '../../protocol/models.ts';
import { outputColumns, textTable } from './text-table.ts';

const unknown = 'unknown';

const purposes: Readonly<Record<ModelRecommendation['purpose'], string>> = {
  everyday: 'every day',
  accuracy: 'fewest errors',
  translation: 'translation',
  english: 'English only',
};

/** The models that are worth having, one a line. A window of 80 columns cuts what matters least. */
export function availableTable(available: readonly AvailableModel[]): string {
  const header = ['NAME', 'HERE', 'DOWNLOAD', 'MEMORY', 'ERRORS', 'SPEED', 'LANGUAGES', 'TRANSLATES'];
  return textTable({ header, rows: available.map(availableRow), columns: outputColumns() });
}

function availableRow(model: AvailableModel): readonly string[] {
  const { name, downloadBytes, memoryBytes, languages, translates, relativeSpeed, accuracy, isHere } = model;
  return [
    name,
    isHere ? 'yes' : 'no',
    downloadBytes === null ? unknown : megabytes(downloadBytes),
    memoryBytes === null ? unknown : megabytes(memoryBytes),
    accuracy === null ? unknown : `${accuracy.wordErrorRate.toFixed(2)} %`,
    relativeSpeed === null ? unknown : `${relativeSpeed}x`,
    languages.length === 1 ? 'English' : `${languages.length}`,
    translates ? 'yes' : 'no',
  ];
}

/** The models that suit this machine, with what for and why. */
export function recommendedTable(recommended: readonly ModelRecommendation[]): string {
  const rows = recommended.map(({ purpose, name, reason }) => [purposes[purpose], name, reason]);
  return textTable({ header: ['FOR', 'MODEL', 'WHY'], rows, columns: outputColumns() });
}

export function megabytes(byteCount: number): string {
  return `${Math.round(byteCount / 1e6)} MB`;
}
