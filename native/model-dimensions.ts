/** Whisper's `ModelDimensions` (openai/whisper model.py), in camelCase. */
export interface ModelDimensions {
  readonly melBins: number;
  readonly audioContext: number;
  readonly audioState: number;
  readonly audioHeads: number;
  readonly audioLayers: number;
  readonly vocabularySize: number;
  readonly textContext: number;
  readonly textState: number;
  readonly textHeads: number;
  readonly textLayers: number;
}
