import type { ModelDimensions } from '@hearth/native';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import type { TranscriptWarning } from './transcript-warning.ts';

/**
 * Models whose decoder was made shorter than their encoder (large-v3-turbo, distil-whisper) were trained without
 * translations: asked for one, they write what is said as it is said.
 */
export function translationWarnings(
  { task }: ResolvedOptions,
  { audioLayers, textLayers }: ModelDimensions,
  language: string,
): readonly TranscriptWarning[] {
  if (task !== 'translate' || language === 'en' || textLayers >= audioLayers) return [];
  const message =
    'This model does not translate, so the text is in the language that is spoken. Use base, small, medium or large-v3.';
  return [{ code: 'not-translated', message }];
}
