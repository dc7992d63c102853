import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNative } from '@hearth/native';
import { errorCodes } from '../../../../daemon/src/errors/error-codes.ts';
import { createChoices } from '../../../e2e/support/fuzz/choices.ts';
import { randomNumbers } from '../../../e2e/support/random-numbers.ts';
import type { ChangedFiles } from './changed-files.ts';
import { changedCaches, changedModels, changedNetworks, changedVocabularies } from './changed-models.ts';
import { changedContainers, changedSounds } from './changed-recordings.ts';

/** What tries came to since the last that was told; the same seed and number change the same file. */
export interface TriedFiles {
  /** The number of the next try. */
  readonly next: number;
  readonly residentBytes: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** What is neither read nor refused with a reason. */
  readonly faults: readonly string[];
}

const [seed = 1, from = 0, to = 0] = process.argv.slice(2, 5).map(Number);
const placeFile = process.argv[5] as string;
const triesPerReport = 10_000;

/** A process of its own, which a fault of the engine ends: `place` then holds the number of the try. */
const folder = await mkdtemp(join(tmpdir(), 'hearth-fuzz-'));
const native = createNative({ threads: 1 });
const kinds = [
  await changedSounds(native, folder),
  await changedContainers(native, folder),
  await changedModels(native, folder),
  await changedNetworks(native, folder),
  await changedVocabularies(),
  await changedCaches(folder),
];
let outcomes: Record<string, number> = {};
let faults: string[] = [];
const place = openSync(placeFile, 'r+');
const endAlone = () => process.exit(1);
process.on('disconnect', endAlone);
for (let number = from; number < to; number++) {
  writeSync(place, String(number).padEnd(12), 0);
  const random = randomNumbers(Math.imul(seed, 0x9e3779b1) ^ number);
  const kind = chooseKind(random());
  const outcome = await tryOne(kind, random);
  outcomes[`${kind.name}: ${outcome}`] = (outcomes[`${kind.name}: ${outcome}`] ?? 0) + 1;
  if (!['read', 'loaded', 'found'].includes(outcome) && !(outcome in errorCodes && outcome !== 'INTERNAL')) {
    faults.push(`${kind.name} ${number}: ${outcome}`);
  }
  if ((number + 1) % triesPerReport === 0 || number + 1 === to) await report(number + 1);
}
closeSync(place);
await rm(folder, { recursive: true });
process.off('disconnect', endAlone);
process.disconnect();

async function report(next: number): Promise<void> {
  const tried: TriedFiles = { next, residentBytes: process.memoryUsage.rss(), outcomes, faults };
  await new Promise((resolve) => process.send?.(tried, resolve));
  outcomes = {};
  faults = [];
}

function chooseKind(drawn: number): ChangedFiles {
  let rest = drawn * kinds.reduce((sum, { share }) => sum + share, 0);
  for (const kind of kinds) {
    rest -= kind.share;
    if (rest < 0) return kind;
  }
  return kinds[0] as ChangedFiles;
}

async function tryOne({ tryOne }: ChangedFiles, random: () => number): Promise<string> {
  try {
    return await tryOne({ seed: Math.floor(random() * 2 ** 32), choices: createChoices(random) });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return code !== undefined && code in errorCodes ? code : String(error);
  }
}
