import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Native } from '@hearth/native';
import { findModel } from '../../../../daemon/src/models/find-model.ts';
import { listModels } from '../../../../daemon/src/models/list-models.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import type { Choices } from '../../../e2e/support/fuzz/choices.ts';
import { hostileTexts } from '../../../e2e/support/fuzz/hostile-texts.ts';
import { createMutator } from '../../audio-mutations.ts';
import { pathOf } from '../../fork-engine.ts';
import { type ModelFolderForm, writeModelFolder } from '../model-folder.ts';
import { createSmallModel } from '../small-model.ts';
import type { ChangedFiles } from './changed-files.ts';

const small = createSmallModel({ melBins: 80, vocabularySize: 512, seed: 4 });
const forms: readonly ModelFolderForm[] = [
  { layout: 'mlx-whisper', storage: { bits: 4, groupSize: 64 }, weightsFile: 'weights.safetensors' },
  { layout: 'mlx-whisper', storage: { dtype: 'F16' }, weightsFile: 'weights.npz' },
  { layout: 'hugging-face', storage: { dtype: 'F16' }, weightsFile: 'model.safetensors', alignmentHeads: [[1, 0]] },
];
const strangeValues = [0, -1, 1, 2, 3, 1e9, 2 ** 31, 2 ** 32, 1e308, 0.5, null, 'x', [], {}, true];

interface SmallFiles {
  readonly weightsFile: string;
  readonly weights: Buffer;
  readonly config: Readonly<Record<string, unknown>>;
}

/** Weights, `config.json` and `generation_config.json` of a small model. */
export async function changedModels(native: Native, folder: string): Promise<ChangedFiles> {
  const models = await Promise.all(forms.map((form, index) => smallFiles(form, join(folder, `whole-${index}`))));
  const changed = join(folder, 'changed');
  return {
    name: 'model',
    share: 0.13,
    async tryOne({ seed, choices }) {
      const { weightsFile, weights, config } = choices.one(models);
      await rm(changed, { recursive: true, force: true });
      await mkdir(changed);
      const changesConfig = choices.chance(0.4);
      const text = changesConfig ? changedJson(config, choices, seed) : JSON.stringify(config);
      await writeFile(join(changed, 'config.json'), text);
      await writeFile(join(changed, weightsFile), changesConfig ? weights : changedWeights(weights, choices, seed));
      if (choices.chance(0.3)) {
        const heads = changedJson({ alignment_heads: [[1, 0]] }, choices, seed);
        await writeFile(join(changed, 'generation_config.json'), heads);
      }
      const model = await native.loadModel({ folder: changed });
      await model.close();
      return 'loaded';
    },
  };
}

async function smallFiles(form: ModelFolderForm, folder: string): Promise<SmallFiles> {
  await mkdir(folder);
  await writeModelFolder(folder, small, form);
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
  return { weightsFile: form.weightsFile, weights: await readFile(join(folder, form.weightsFile)), config };
}

function changedJson(value: Readonly<Record<string, unknown>>, choices: Choices, seed: number): string {
  const changed: Record<string, unknown> = { ...value };
  for (const key of choices.some(Object.keys(value), 1, 3)) changed[key] = choices.one(strangeValues);
  const text = JSON.stringify(changed);
  return choices.chance(0.8)
    ? text
    : createMutator([Buffer.from(text)], seed)
        .next()
        .toString('latin1');
}

/** Mostly what the file says of its tensors: their bytes can hold anything. */
function changedWeights(weights: Buffer, choices: Choices, seed: number): Buffer {
  if (choices.chance(0.3)) return createMutator([weights], seed).next();
  const isArchive = weights.toString('latin1', 0, 2) === 'PK';
  const end = isArchive ? weights.length : 8 + Number(weights.readBigUInt64LE(0));
  const changed = Buffer.from(weights);
  for (let count = 1 + choices.below(4); count > 0; count--) {
    const at = isArchive && choices.chance(0.5) ? end - 1 - choices.below(8000) : choices.below(end);
    const digits = /\d/.test(String.fromCharCode(changed[at] ?? 0));
    changed[at] = digits ? 48 + choices.below(10) : choices.below(256);
  }
  return changed;
}

/** The network that hears who speaks. */
export async function changedNetworks(native: Native, folder: string): Promise<ChangedFiles> {
  const whole = await readFile(pathOf('assets/vad/silero_vad_16k.safetensors'));
  const path = join(folder, 'network.safetensors');
  return {
    name: 'network',
    share: 0.02,
    async tryOne({ seed, choices }) {
      await writeFile(path, changedWeights(whole, choices, seed));
      (await native.loadVoiceActivity({ path })).close();
      return 'loaded';
    },
  };
}

/** The tokens of a model: the first lines of a tiktoken file. */
export async function changedVocabularies(): Promise<ChangedFiles> {
  const file = await readFile(pathOf('assets/tokenizer/multilingual.tiktoken'), 'utf8');
  const lines = Buffer.from(file.split('\n').slice(0, 400).join('\n'));
  return {
    name: 'vocabulary',
    share: 0.02,
    async tryOne({ seed, choices }) {
      const bytes = choices.chance(0.3) ? lines : createMutator([lines], seed).next();
      const size = 400 + choices.one([0, 1, 1606, 1608, 1609, 5000]);
      const vocabulary = createVocabulary(bytes, size);
      for (const text of choices.some(hostileTexts, 1, 3)) vocabulary.decode(vocabulary.encode(text));
      return 'read';
    },
  };
}

/** Entries of the Hub's cache, and folders of models. */
export async function changedCaches(folder: string): Promise<ChangedFiles> {
  const models = join(folder, 'models');
  return {
    name: 'cache',
    share: 0.02,
    async tryOne({ choices }) {
      await rm(models, { recursive: true, force: true });
      const entries = ['models--a--b', 'models--', 'models--a', 'models--..--..', 'other', 'models--a--b--c'];
      for (const entry of choices.some(entries, 1, 3)) await writeEntry(join(models, 'hub', entry), choices);
      await listModels(models);
      await findModel({ name: choices.one([...hostileTexts, 'a/b']), downloadedModelsFolder: models });
      return 'found';
    },
  };
}

async function writeEntry(entry: string, { chance, one }: Choices): Promise<void> {
  const commit = chance(0.7) ? 'c'.repeat(40) : one(['..', '../../..', '', '\0', 'x'.repeat(300), '.', 'a/b', '\n']);
  const snapshot = join(entry, 'snapshots', 'c'.repeat(40));
  await mkdir(snapshot, { recursive: true });
  await mkdir(join(entry, 'refs'), { recursive: true });
  const reference = join(entry, 'refs', one(['main', 'v1', '-']));
  await rm(reference, { recursive: true, force: true });
  if (chance(0.1)) await mkdir(reference);
  else await writeFile(reference, commit);
  const config = join(snapshot, 'config.json');
  await rm(config, { recursive: true, force: true });
  const kind = one(['link', 'folder', 'file', 'file', 'nothing']);
  if (kind === 'link') await symlink(one(['config.json', '/nowhere', '/dev/zero', '..']), config);
  if (kind === 'folder') await mkdir(config);
  if (kind === 'file') await writeFile(config, one(['{}', '', '[', 'x'.repeat(5000)]));
}
