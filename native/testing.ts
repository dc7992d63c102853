import { type Addon, loadAddon } from './addon.ts';
import { type ForcedComputation, loadModel } from './load-model.ts';
import type { LoadModelRequest, NativeModel } from './model.ts';

// What only tests and benchmarks look at.

export type ForcedLoadModelRequest = LoadModelRequest & ForcedComputation;

type Testing = Addon['testing'];

/** A model that computes in another way than the product would here. */
export function loadModelForced(request: ForcedLoadModelRequest): Promise<NativeModel> {
  return loadModel(loadAddon(), request);
}

export const filterLogits: Testing['filterLogits'] = (request) => loadAddon().testing.filterLogits(request);

export const readLogits: Testing['readLogits'] = (request) => loadAddon().testing.readLogits(request);

export const readSpeechProbabilities: Testing['readSpeechProbabilities'] = (request) =>
  loadAddon().testing.readSpeechProbabilities(request);

export const hearInPieces: Testing['hearInPieces'] = (request) => loadAddon().testing.hearInPieces(request);

export const readFeatures: Testing['readFeatures'] = (encoding) => loadAddon().testing.readFeatures(encoding);

export const encodingOf: Testing['encodingOf'] = (request) => loadAddon().testing.encodingOf(request);

export const readLogMel: Testing['readLogMel'] = (request) => loadAddon().testing.readLogMel(request);

export const simulateGuesses: Testing['simulateGuesses'] = (request) => loadAddon().testing.simulateGuesses(request);

export const forceCapacity: Testing['forceCapacity'] = (bytes) => loadAddon().testing.forceCapacity(bytes);

export const holdDecoding: Testing['holdDecoding'] = (samples) => loadAddon().testing.holdDecoding(samples);

export const compilations: Testing['compilations'] = () => loadAddon().testing.compilations();
