import type { NativeSession } from '@hearth/native';

/** What the policy asks of a model: one window and one text at a time, as if it were alone. */
export type WhisperModel = Pick<
  NativeSession,
  'dimensions' | 'alignmentHeads' | 'speechFrom' | 'encode' | 'detectLanguage' | 'decode' | 'beamSearch' | 'align'
>;
