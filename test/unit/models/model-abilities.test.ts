import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { embeddedModelsFolder } from '../../../daemon/src/models/list-models.ts';
import { readAbilities } from '../../../daemon/src/models/model-abilities.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-abilities-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function abilities(name: string, config: object) {
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return readAbilities({ name, folder });
}

test('the embedded model writes and translates 99 languages, and no Cantonese', async () => {
  const found = await readAbilities({ name: 'base', folder: join(embeddedModelsFolder, 'whisper-base-4bit') });
  expect(found).toMatchObject({ translates: true });
  expect(found?.languages).toHaveLength(99);
  expect(found?.languages).not.toContain('yue');
});

// The sizes in the models' own config.json, in mlx-whisper's words or in Hugging Face's.
test.each([
  ['tiny.en', { n_vocab: 51864, n_audio_layer: 4, n_text_layer: 4 }, 1, false],
  ['large-v3', { n_vocab: 51866, n_audio_layer: 32, n_text_layer: 32 }, 100, true],
  ['large-v3-turbo', { n_vocab: 51866, n_audio_layer: 32, n_text_layer: 4 }, 100, false],
  ['turbo as transformers store it', { vocab_size: 51866, encoder_layers: 32, decoder_layers: 4 }, 100, false],
  ['distil-whisper/distil-large-v3.5', { vocab_size: 51866, encoder_layers: 32, decoder_layers: 2 }, 1, false],
  ['someone/distil-whisper-large-v3-4bit', { n_vocab: 51866, n_audio_layer: 32, n_text_layer: 2 }, 1, false],
  // Distilled from Japanese: its name does not say English.
  ['kotoba-tech/kotoba-whisper-v2.0', { vocab_size: 51866, encoder_layers: 32, decoder_layers: 2 }, 100, false],
])(
  '%s writes as many languages as it knows, and says whether it translates',
  async (name, config, count, translates) => {
    const found = await abilities(name, config);
    expect([found?.languages.length, found?.translates]).toEqual([count, translates]);
  },
);

test.each([
  ['no Whisper at all', { hidden_size: 10 }],
  ['sizes in words', { n_vocab: 'many' }],
])('a config with %s tells nothing', async (_, config) => {
  expect(await abilities('some', config)).toBeNull();
});
