import type { Command } from 'commander';
import { readResidency } from '../../client/health.ts';
import { visibleText } from '../../errors/visible-text.ts';
import type { Residency } from '../../protocol/residency.ts';
import { reachDaemon } from '../reach-daemon.ts';
import { megabytes } from '../terminal/available-models.ts';
import { printJson, printText } from '../terminal/print.ts';
import { outputColumns, textTable } from '../terminal/text-table.ts';

type ResidentModel = Residency['models'][number];

/** `hearth ps`. */
export function define(command: Command): void {
  command
    .description('Lists the models in memory, the one used last first.')
    .option('--choices', 'Also say how each model is computed, and why.')
    .option('--json', 'Print models and memory as JSON.')
    .action(async ({ choices = false, json = false }: { readonly choices?: boolean; readonly json?: boolean }) => {
      const residency = await readResidency(await reachDaemon());
      if (json) return printJson(residency);
      printText(residencyText(residency, { nowMs: Date.now(), columns: outputColumns() }));
      if (choices) printText(choicesText(residency));
    });
}

/** What is in memory, for people. */
export function residencyText(
  { models, engine, memoryBudgetBytes }: Residency,
  { nowMs, columns }: { readonly nowMs: number; readonly columns: number | null },
): string {
  const rows = models.map((model) => [
    visibleText(model.name),
    megabytes(model.heldBytes),
    usedText(model, nowMs),
    expiryText(model, nowMs),
  ]);
  const table = models.length === 0 ? 'No model is in memory.\n' : textTable({ header, rows, columns, isWhole: true });
  const { memory } = engine;
  if (memory === null) return table;
  const taken = `The engine takes ${megabytes(memory.residentBytes + memory.activeBytes * gpuShare(models))}`;
  const allowed = memoryBudgetBytes === null ? '' : ` of ${megabytes(memoryBudgetBytes)} that all models may take`;
  const most = models.some(({ device }) => device === 'gpu') ? memory.peakBytes : 0;
  const peak = `At most it took ${megabytes(memory.peakResidentBytes + most)}`;
  return `${table}\n${taken}${allowed}.\n${peak}.\n`;
}

/** How models are computed, for people. */
export function choicesText({ models }: Residency): string {
  return models.map(({ name, choices }) => `\n${visibleText(name)}\n${choices.map(asItem).join('')}`).join('');
}

function asItem(sentence: string): string {
  return `- ${sentence}\n`;
}

const header = ['NAME', 'MEMORY', 'USED', 'UNLOADED'];

/** What MLX has on a GPU is not in the memory of the process. */
function gpuShare(models: readonly ResidentModel[]): number {
  return models.some(({ device }) => device === 'gpu') ? 1 : 0;
}

function usedText({ isInUse, lastUsedAt }: ResidentModel, nowMs: number): string {
  return isInUse ? 'now' : `${duration(nowMs - Date.parse(lastUsedAt))} ago`;
}

function expiryText({ isKept, expiresAt }: ResidentModel, nowMs: number): string {
  if (isKept) return 'never, kept';
  return expiresAt === null ? 'if needed' : `in ${duration(Date.parse(expiresAt) - nowMs)}`;
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
