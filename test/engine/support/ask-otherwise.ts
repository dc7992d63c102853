import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';

/** A model that answers some questions otherwise. */
export function askOtherwise(model: WhisperModel, instead: Partial<WhisperModel>): WhisperModel {
  return {
    dimensions: model.dimensions,
    alignmentHeads: model.alignmentHeads,
    speechFrom: (audio, first) => model.speechFrom(audio, first),
    encode: (request) => model.encode(request),
    detectLanguage: (request) => model.detectLanguage(request),
    decode: (request) => model.decode(request),
    beamSearch: (request) => model.beamSearch(request),
    align: (request) => model.align(request),
    ...instead,
  };
}
