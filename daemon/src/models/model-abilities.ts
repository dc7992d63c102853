import { languages } from '../languages/languages.ts';
import { findInCatalogue } from './catalogue.ts';
import type { ModelFolder } from './list-models.ts';
import { readModelConfig } from './read-model-config.ts';

/** What a model can do, as far as its files and its name tell. */
export interface ModelAbilities {
  /** Codes of the languages that it writes. */
  readonly languages: readonly string[];
  /** Whether it writes other languages in English. */
  readonly translates: boolean;
}

/** The sizes that tell what a model can do. */
export interface TellingSizes {
  readonly vocabularySize: number;
  readonly audioLayers: number;
  readonly textLayers: number;
}

/** Models distilled from English alone; their vocabulary is that of all languages. */
const distilledFromEnglish =
  /(^|\/)distil-(whisper-)?(large-v[23](\.5)?|medium\.en|small\.en)(-(mlx|asr|fp16|float16|q4|q8|4bit|8bit))*$/i;

/** The abilities of a model on disk; null if its `config.json` does not tell. */
export async function readAbilities({ name, folder }: ModelFolder): Promise<ModelAbilities | null> {
  const sizes = await readSizes(folder);
  return sizes === null ? null : abilitiesOf(name, sizes);
}

/**
 * The vocabulary tells the languages (openai/whisper tokenizer.py), the decoder whether it was cut: one with fewer layers
 * than its encoder was trained again on what is said, and forgot how to translate (large-v3-turbo, distil-whisper).
 */
export function abilitiesOf(name: string, { vocabularySize, audioLayers, textLayers }: TellingSizes): ModelAbilities {
  const speaksEnglish = findInCatalogue(name)?.facts.speaks === 'english' || distilledFromEnglish.test(name);
  const languageCount = vocabularySize < 51865 ? 1 : vocabularySize - 51766;
  const codes = speaksEnglish ? ['en'] : languages.slice(0, languageCount).map(([code]) => code);
  return { languages: codes, translates: codes.length > 1 && textLayers >= audioLayers };
}

async function readSizes(folder: string): Promise<TellingSizes | null> {
  try {
    const config = await readModelConfig(folder);
    // mlx-whisper's key, then Hugging Face's.
    const vocabularySize = config['n_vocab'] ?? config['vocab_size'];
    const audioLayers = config['n_audio_layer'] ?? config['encoder_layers'];
    const textLayers = config['n_text_layer'] ?? config['decoder_layers'];
    const sizes = { vocabularySize, audioLayers, textLayers };
    return Object.values(sizes).every(Number.isInteger) ? (sizes as TellingSizes) : null;
  } catch {
    return null;
  }
}
