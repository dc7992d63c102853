import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readModelForm } from '../../../daemon/src/models/read-model-form.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-form-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function formOf(config: string) {
  await writeFile(join(folder, 'config.json'), config);
  return readModelForm(folder);
}

test('the embedded model is in 4 bits', async () => {
  const embedded = fileURLToPath(new URL('../../../assets/models/whisper-base-4bit', import.meta.url));
  expect(await readModelForm(embedded)).toMatchObject({
    sizes: { audioState: 512, audioLayers: 6, textLayers: 6, vocabularySize: 51865 },
    form: { bits: 4, groupSize: 64 },
  });
});

test("Hugging Face's names are known, and the type of what is not quantised", async () => {
  const sizes = { num_mel_bins: 80, max_source_positions: 1500, d_model: 384, encoder_layers: 4, vocab_size: 51865 };
  const config = { ...sizes, max_target_positions: 448, decoder_layers: 4 };
  expect(await formOf(JSON.stringify(config))).toMatchObject({ sizes: { audioState: 384 }, form: { bits: 16 } });
  expect(await formOf(JSON.stringify({ ...config, torch_dtype: 'float32' }))).toMatchObject({ form: { bits: 32 } });
});

test('an encoder can have other bits than the rest: the layers that differ are named', async () => {
  const sizes = { n_mels: 80, n_audio_ctx: 1500, n_audio_state: 384, n_audio_layer: 4, n_vocab: 51864 };
  const layer = { 'encoder.blocks.0.mlp1': { group_size: 64, bits: 8 }, 'encoder.blocks.0.mlp2': false };
  const config = { ...sizes, n_text_ctx: 448, n_text_layer: 4, quantization: { group_size: 64, bits: 4, ...layer } };
  const form = { bits: 4, groupSize: 64, encoderBits: 8 };
  expect(await formOf(JSON.stringify(config))).toMatchObject({ form });
});

test.each(['{}', '[]', 'no JSON', '{"n_mels": "80"}'])(
  'a config that says nothing of it, %s, is not guessed at',
  async (config) => {
    expect(await formOf(config)).toBeNull();
  },
);
