import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TranscriptionOptions } from '../../../../daemon/src/protocol/options/transcription-options.ts';
import { chooseModel } from '../../../../daemon/src/server/models/choose-model.ts';
import { createModelStore } from '../../../../daemon/src/server/models/model-store.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';
import type { Settings } from '../../../../daemon/src/settings/settings-schema.ts';

const embedded = 'whisper-base-4bit';
// As the models' own config.json has them.
const configs = {
  turbo: { n_vocab: 51866, n_audio_layer: 32, n_text_layer: 4 },
  'tiny.en': { n_vocab: 51864, n_audio_layer: 4, n_text_layer: 4 },
  'distil-large-v3.5': { vocab_size: 51866, encoder_layers: 32, decoder_layers: 2 },
  unknown: {},
};

let modelsFolder: string;
let settings: Settings;

beforeEach(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), 'hearth-choose-'));
  settings = { ...readSettings('/nowhere', {}), model: 'turbo' };
  for (const [name, config] of Object.entries(configs)) {
    await mkdir(join(modelsFolder, name));
    await writeFile(join(modelsFolder, name, 'config.json'), JSON.stringify(config));
  }
});

afterEach(() => rm(modelsFolder, { recursive: true }));

async function choose(options: TranscriptionOptions) {
  const { model, options: chosen } = await chooseModel(
    createModelStore({ modelsFolder, settings: () => settings }),
    options,
  );
  return { name: model.name, options: chosen };
}

test.each<[string, TranscriptionOptions]>([
  ['turbo', {}],
  ['turbo', { language: 'yue' }],
  ['turbo', { languages: ['de', 'yue'] }],
  // What is said in English is its own translation.
  ['turbo', { task: 'translate', language: 'en' }],
  [embedded, { model: embedded, task: 'translate' }],
  // The engine finds out what its files do not tell.
  ['unknown', { model: 'unknown', task: 'translate', language: 'de' }],
])('%s does %j', async (name, options) => {
  expect(await choose(options)).toEqual({ name, options });
});

test.each<[string, TranscriptionOptions, string, string]>([
  ['turbo', { task: 'translate' }, 'translates', `Use ${embedded}, or set \`translateModel\` in the settings.`],
  ['tiny.en', { model: 'tiny.en', task: 'translate' }, 'translates', `Use ${embedded}, or`],
  ['tiny.en', { model: 'tiny.en', language: 'de' }, 'writes German', `Use turbo or ${embedded}.`],
  ['tiny.en', { model: 'tiny.en', languages: ['de', 'fr'] }, 'writes German, French', `Use turbo or ${embedded}.`],
  ['distil-large-v3.5', { model: 'distil-large-v3.5', language: 'de' }, 'writes German', 'Use turbo or'],
  [embedded, { model: embedded, language: 'yue' }, 'writes Cantonese', 'Use turbo.'],
  [embedded, { model: embedded, languages: ['de', 'yue'] }, 'writes German, Cantonese', 'Use turbo.'],
  [embedded, { model: embedded, task: 'translate', language: 'yue' }, 'translates Cantonese', 'No model here does.'],
])('%s cannot do %j, and the models that can are named', async (name, options, what, hint) => {
  await expect(choose(options)).rejects.toMatchObject({
    code: 'MODEL_UNABLE',
    message: `Expected a model that ${what}, got ${name}, which does not.`,
    hint: expect.stringContaining(hint),
  });
});

test.each(['tiny.en', 'distil-large-v3.5'])('%s detects no language: it is English', async (model) => {
  expect((await choose({ model })).options).toEqual({ model, language: 'en' });
  expect((await choose({ model, languages: ['de', 'en'] })).options).toEqual({ model, language: 'en' });
});

test('a translation goes to the model in the settings, and nothing else does', async () => {
  settings = { ...settings, translateModel: embedded };
  expect((await choose({ task: 'translate', language: 'de' })).name).toBe(embedded);
  expect((await choose({ model: 'tiny.en', task: 'translate' })).name).toBe(embedded);
  expect((await choose({ language: 'de' })).name).toBe('turbo');
  await expect(choose({ model: 'tiny.en', language: 'de' })).rejects.toMatchObject({ code: 'MODEL_UNABLE' });
});

test('a model in the settings that does not translate either is named', async () => {
  settings = { ...settings, translateModel: 'tiny.en' };
  await expect(choose({ task: 'translate' })).rejects.toMatchObject({
    code: 'MODEL_UNABLE',
    message: 'Expected a model that translates, got tiny.en, which does not.',
  });
  settings = { ...settings, translateModel: 'owner/missing' };
  await expect(choose({ task: 'translate' })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    hint: expect.stringContaining('`hearth models pull owner/missing`'),
  });
});

test('a translateModel that is not here is named as the setting that it is', async () => {
  settings = { ...settings, translateModel: 'owner/other' };
  await expect(choose({ task: 'translate' })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
    message: 'The setting translateModel names owner/other, which is not on this machine.',
    hint: 'Download it with `hearth models pull owner/other`, or name another one.',
  });
});
