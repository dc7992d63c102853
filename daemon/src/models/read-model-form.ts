import type { ModelSizes, WeightForm } from './memory-need.ts';
import { readModelConfig } from './read-model-config.ts';

export interface ModelForm {
  readonly sizes: ModelSizes;
  readonly form: WeightForm;
}

/** mlx-whisper's key, then Hugging Face's. */
const keys: Readonly<Record<keyof ModelSizes, readonly [string, string]>> = {
  melBins: ['n_mels', 'num_mel_bins'],
  audioContext: ['n_audio_ctx', 'max_source_positions'],
  audioState: ['n_audio_state', 'd_model'],
  audioLayers: ['n_audio_layer', 'encoder_layers'],
  vocabularySize: ['n_vocab', 'vocab_size'],
  textContext: ['n_text_ctx', 'max_target_positions'],
  textLayers: ['n_text_layer', 'decoder_layers'],
};

/** The sizes and weights of a model on disk, by its `config.json`; null if that does not tell. */
export async function readModelForm(folder: string): Promise<ModelForm | null> {
  try {
    const config = await readModelConfig(folder);
    const sizes = Object.entries(keys).map(([name, [own, other]]) => [name, config[own] ?? config[other]] as const);
    if (!sizes.every(([, size]) => Number.isInteger(size))) return null;
    return { sizes: Object.fromEntries(sizes) as unknown as ModelSizes, form: formOf(config) };
  } catch {
    return null;
  }
}

function formOf(config: Record<string, unknown>): WeightForm {
  const quantization = (config['quantization'] ?? config['quantization_config'] ?? {}) as Record<string, unknown>;
  const { bits, group_size: groupSize } = quantization;
  if (typeof bits === 'number' && typeof groupSize === 'number') {
    return { bits, groupSize, encoderBits: encoderBitsOf(quantization) ?? bits };
  }
  return { bits: config['torch_dtype'] === 'float32' ? 32 : 16, groupSize: 1 };
}

/** Layers whose bits differ from the rest are named. The most that one of the encoder has. */
function encoderBitsOf(quantization: Record<string, unknown>): number | null {
  const bits = Object.entries(quantization).flatMap(([name, layer]) => {
    const own = /^(model\.)?encoder\./.test(name) ? (layer as { readonly bits?: unknown } | null)?.bits : null;
    return typeof own === 'number' ? [own] : [];
  });
  return bits.length === 0 ? null : Math.max(...bits);
}
