import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { Addon } from './addon.ts';
import { createCancellation, handleOf } from './cancellation.ts';
import type { LoadModelRequest, Native, OpenAudioRequest } from './index.ts';
import { readModelFolder } from './model-folder.ts';
import { nativeError } from './native-error.ts';
import { audioHandle, wrapAudio } from './wrap-audio.ts';
import { toAddonFilters, wrapModel } from './wrap-model.ts';

/** Buffers kept for reuse: a GPU's are dear to make, a CPU's layers need few at a time. */
const defaultCacheLimitBytes = { gpu: 256 * 1024 * 1024, cpu: 16 * 1024 * 1024 };

/** Loads the addon. @throws `ENGINE_NOT_BUILT` when it was never built or fits another platform. */
export function loadNative(): Native {
  const addon = loadAddon();
  return {
    info: () => addon.info(),
    memory: () => addon.memory(),
    workProgress: () => addon.workProgress(),
    endWithin: (milliseconds) => addon.endWithin(milliseconds),
    endWithParent: (milliseconds) => addon.endWithParent(milliseconds),
    createCancellation: () => createCancellation(addon),
    openAudio: async (request: OpenAudioRequest) =>
      wrapAudio(addon, await addon.openAudio(request.path, handleOf(request.cancellation), request.onProgress)),
    loadModel: async (request: LoadModelRequest) => {
      const files = await readModelFolder(request.folder);
      const loaded = await addon.loadModel({
        weightsPath: files.weightsPath,
        dimensions: files.dimensions,
        groupSize: files.quantization?.groupSize ?? 0,
        operations: request.operations ?? 'auto',
        compile: request.compile ?? true,
        saveMemory: request.saveMemory ?? false,
        float32: request.float32 ?? false,
        arithmetic: request.arithmetic ?? 'exact',
        threads: request.threads ?? 0,
        cacheLimitBytes: request.cacheLimitBytes ?? defaultCacheLimitBytes[addon.info().gpuAvailable ? 'gpu' : 'cpu'],
      });
      return wrapModel(addon, loaded, files);
    },
    filterLogits: ({ filters, speechUntil = 0, sampled, logits }) =>
      addon.filterLogits(toAddonFilters(filters), speechUntil, Int32Array.from(sampled), logits),
    loadVoiceActivity: async ({ path }) => {
      const network = await addon.loadVoiceActivity(path);
      return {
        speechProbabilities: ({ audio, cancellation }) =>
          addon.speechProbabilities(network, audioHandle(audio), handleOf(cancellation)),
        close: () => addon.closeVoiceActivity(network),
      };
    },
  };
}

function loadAddon(): Addon {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(require.resolve('@hearth/native/package.json'));
  const addonPath = join(packageFolder, 'build', 'Release', 'hearth.node');
  try {
    const addon = require(addonPath) as Addon;
    // Before any exit handler of C++: MLX's own would destroy its state under a running evaluation.
    if (isMainThread) process.once('exit', () => addon.endWork());
    return addon;
  } catch (cause) {
    throw nativeError(
      'ENGINE_NOT_BUILT',
      `Expected the engine's addon at ${addonPath}, but it could not be loaded: ${(cause as Error).message}`,
      cause,
    );
  }
}
