import type { Addon, AddonFilters, AddonModel, Handle } from './addon.ts';
import { handleOf } from './cancellation.ts';
import type {
  BeamSearchRequest,
  DecodeRequest,
  LogitFilters,
  NativeEncoding,
  NativeMel,
  NativeModel,
} from './index.ts';
import type { ModelFolder } from './model-folder.ts';
import { openAiAlignmentHeads } from './openai-alignment-heads.ts';
import { audioHandle } from './wrap-audio.ts';

const melHandles = new WeakMap<NativeMel, Handle<'mel'>>();
const encodingHandles = new WeakMap<NativeEncoding, Handle<'encoding'>>();

export function wrapModel(addon: Addon, loaded: AddonModel, files: ModelFolder): NativeModel {
  const model = loaded.handle;
  return {
    dimensions: files.dimensions,
    quantization: files.quantization,
    alignmentHeads:
      files.alignmentHeads ??
      (loaded.alignmentHeads.length > 0 ? loaded.alignmentHeads : openAiAlignmentHeads(files.dimensions)),
    operations: loaded.operations,
    denseEncoder: loaded.denseEncoder,
    arithmetic: loaded.arithmetic,
    device: loaded.device,
    weightBytes: loaded.weightBytes,
    get counters() {
      return addon.counters(model);
    },
    logMel: async ({ audio, startFrame, frameCount, cancellation }) =>
      wrapMel(addon, await addon.logMel(model, audioHandle(audio), startFrame, frameCount, handleOf(cancellation))),
    encode: async ({ mels, cancellation }) =>
      wrapEncoding(addon, await addon.encode(model, mels.map(melHandle), handleOf(cancellation))),
    joinEncodings: async (parts) =>
      wrapEncoding(
        addon,
        await addon.joinEncodings(
          parts.map(({ encoding, windows }) => ({
            encoding: encodingHandle(encoding),
            windows: Int32Array.from(windows ?? Array.from({ length: encoding.windowCount }, (_, i) => i)),
          })),
        ),
      ),
    detectLanguage: ({ encoding, sot, languageTokens }) =>
      addon.detectLanguage(model, encodingHandle(encoding), sot, Int32Array.from(languageTokens)),
    decode: (request) =>
      addon.decode(
        model,
        encodingHandle(request.encoding),
        {
          ...sharedDecoding(request),
          rows: request.rows.map((row) => ({ ...withTypedPrompt(row), cancellation: handleOf(row.cancellation) })),
        },
        handleOf(request.cancellation),
        request.onToken,
      ),
    beamSearch: (request) =>
      addon.beamSearch(
        model,
        encodingHandle(request.encoding),
        {
          ...sharedDecoding(request),
          prompts: request.prompts.map(withTypedPrompt),
          beamSize: request.beamSize,
          maxCandidates: Math.round(request.beamSize * request.patience),
        },
        handleOf(request.cancellation),
      ),
    align: ({ encoding, rows, heads, endOfText, cancellation }) =>
      addon.align(
        model,
        encodingHandle(encoding),
        {
          rows: rows.map((row) => ({ ...withTypedPrompt(row), text: Int32Array.from(row.text) })),
          heads: Int32Array.from(heads.flat()),
          endOfText,
        },
        handleOf(cancellation),
      ),
    logits: ({ encoding, window, tokens }) =>
      addon.logits(model, encodingHandle(encoding), window, Int32Array.from(tokens)),
    warmUp: ({ batchSize, filters, endOfText, cancellation, onProgress }) =>
      addon.warmUp(model, { ...toAddonFilters(filters), batchSize, endOfText }, handleOf(cancellation), onProgress),
    clearCache: () => addon.clearCache(),
    close: async () => addon.closeModel(model),
  };
}

function wrapMel(addon: Addon, made: { handle: Handle<'mel'>; contentFrames: number }): NativeMel {
  const mel: NativeMel = {
    contentFrames: made.contentFrames,
    read: () => addon.readMel(made.handle),
    close: () => addon.closeMel(made.handle),
  };
  melHandles.set(mel, made.handle);
  return mel;
}

function wrapEncoding(addon: Addon, made: { handle: Handle<'encoding'>; windowCount: number }): NativeEncoding {
  const encoding: NativeEncoding = {
    windowCount: made.windowCount,
    readFeatures: (window) => addon.readFeatures(made.handle, window),
    close: () => addon.closeEncoding(made.handle),
  };
  encodingHandles.set(encoding, made.handle);
  return encoding;
}

function melHandle(mel: NativeMel): Handle<'mel'> {
  return melHandles.get(mel) as Handle<'mel'>;
}

function encodingHandle(encoding: NativeEncoding): Handle<'encoding'> {
  return encodingHandles.get(encoding) as Handle<'encoding'>;
}

export function toAddonFilters(filters: LogitFilters): AddonFilters {
  return {
    suppressAtBegin: Int32Array.from(filters.suppressAtBegin),
    suppress: Int32Array.from(filters.suppress),
    timestampRules: filters.timestampRules,
  };
}

function withTypedPrompt<Row extends { readonly prompt: readonly number[] }>(row: Row) {
  return { ...row, prompt: Int32Array.from(row.prompt) };
}

function sharedDecoding(request: DecodeRequest | BeamSearchRequest) {
  return {
    ...toAddonFilters(request.filters),
    endOfText: request.endOfText,
    noSpeech: request.noSpeech,
    maxTokens: request.maxTokens,
  };
}
