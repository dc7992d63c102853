import { type Addon, loadAddon } from './addon.ts';
import type { NativeAudio } from './audio.ts';
import { loadModel } from './load-model.ts';
import type { Native, NativeOptions } from './native.ts';
import type { OpenAudioRequest } from './open-audio.ts';
import { quantizeModel } from './quantize-model.ts';

export type {
  AudioFacts,
  AudioWarning,
  NativeAudio,
  NativeComingAudio,
  NativeGrowingAudio,
  NativeVoiceActivity,
  SampleFormat,
} from './audio.ts';
export type {
  Arithmetic,
  ComputationTrial,
  LoadModelRequest,
  ModelComputation,
  ModelCounters,
  ModelKind,
  NativeModel,
  WarmUpRequest,
} from './model.ts';
export type { ModelDimensions } from './model-dimensions.ts';
export type { MemoryUse, Native, NativeInfo, NativeOptions, WorkProgress } from './native.ts';
export type { OpenAudioRequest, RecordingListeners } from './open-audio.ts';
export type { CalibrationWindow, QuantizeModelRequest } from './quantize-request.ts';
export type {
  Alignment,
  AlignRequest,
  BeamSearchRequest,
  BeamSearchResult,
  Candidate,
  DecodeRequest,
  DecodeResult,
  DetectLanguageRequest,
  EncodeRequest,
  LogitFilters,
  NativeEncoding,
  NativeSession,
  Priority,
  SessionRequest,
  SessionUsage,
  TextRequest,
  TimestampRules,
} from './session.ts';

const defaultCacheLimitBytes = { gpu: 256 * 1024 * 1024, cpu: 16 * 1024 * 1024 };

/** @throws `ENGINE_NOT_BUILT` when the addon was never built or fits another platform */
export function createNative({ threads, cacheLimitBytes, compile = true }: NativeOptions = {}): Native {
  const addon = loadAddon();
  addon.configure({
    threads: threads ?? 0,
    cacheLimitBytes: cacheLimitBytes ?? defaultCacheLimitBytes[addon.info().gpuAvailable ? 'gpu' : 'cpu'],
    compile,
  });
  return {
    info: addon.info,
    openAudio: (request) => openWhole(addon, request),
    beginAudio: addon.beginAudio,
    openChannels: addon.openChannels,
    growAudio: addon.growAudio,
    loadModel: (request) => loadModel(addon, request),
    loadVoiceActivity: addon.loadVoiceActivity,
    quantizeModel: (request) => quantizeModel(addon, request),
    clearCache: addon.clearCache,
    memory: addon.memory,
    workProgress: addon.workProgress,
    endWithin: addon.endWithin,
    endWithParent: addon.endWithParent,
  };
}

async function openWhole(addon: Addon, request: OpenAudioRequest): Promise<NativeAudio> {
  const audio = await addon.beginAudio(request);
  try {
    const facts = await audio.whole();
    return Object.assign(audio, facts, { claimedSeconds: facts.durationSeconds });
  } catch (error) {
    audio.close();
    throw error;
  }
}
