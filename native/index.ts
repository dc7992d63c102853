import { loadAddon } from './addon.ts';
import { loadModel } from './load-model.ts';
import type { Native, NativeOptions } from './native.ts';

export type { AudioWarning, NativeAudio, NativeVoiceActivity, OpenAudioRequest } from './audio.ts';
export type {
  Alignment,
  AlignRequest,
  BeamSearchRequest,
  BeamSearchResult,
  Candidate,
  DecodeRequest,
  DecodeResult,
  DecodeRow,
  DetectLanguageRequest,
  LogitFilters,
  Prompt,
  TimestampRules,
} from './decoding.ts';
export type { NativeEncoding, NativeMel } from './encoding.ts';
export type {
  Arithmetic,
  LoadModelRequest,
  ModelCounters,
  ModelDimensions,
  NativeModel,
  WarmUpRequest,
} from './model.ts';
export type { MemoryUse, Native, NativeInfo, NativeOptions, WorkProgress } from './native.ts';

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
    openAudio: addon.openAudio,
    loadModel: (request) => loadModel(addon, request),
    loadVoiceActivity: addon.loadVoiceActivity,
    clearCache: addon.clearCache,
    memory: addon.memory,
    workProgress: addon.workProgress,
    endWithin: addon.endWithin,
    endWithParent: addon.endWithParent,
  };
}
