#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <variant>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "../kernels/kernels.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"
#include "mlx/device.h"
#include "mlx/memory.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

using whisper::Encoding;
using whisper::Mel;
using whisper::Model;
using whisper::ModelSource;
using audio::Recording;

whisper::ModelDimensions read_dimensions(const Napi::Object& object) {
  const auto field = [&](const char* name) { return read_int(object.Get(name)); };
  return {.mel_bins = field("melBins"),
          .audio_context = field("audioContext"),
          .audio_state = field("audioState"),
          .audio_heads = field("audioHeads"),
          .audio_layers = field("audioLayers"),
          .vocabulary_size = field("vocabularySize"),
          .text_context = field("textContext"),
          .text_state = field("textState"),
          .text_heads = field("textHeads"),
          .text_layers = field("textLayers")};
}

whisper::OperationsChoice read_operations(const std::string& name) {
  if (name == "cpu") return whisper::OperationsChoice::cpu;
  return name == "mlx" ? whisper::OperationsChoice::mlx : whisper::OperationsChoice::automatic;
}

whisper::Arithmetic read_arithmetic(const std::string& name) {
  return name == "int8" ? whisper::Arithmetic::int8 : whisper::Arithmetic::exact;
}

/// Gives back what MLX keeps for reuse, and what the C library keeps of it.
void release_unused_memory() {
  mx::clear_cache();
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

/// Asks Metal (macOS 15 and newer) to keep what is loaded in memory, so that the first request after a pause does not
/// wait for it.
void keep_resident() {
  if (mx::default_device() != mx::Device::gpu) return;
  const auto& info = mx::device_info(mx::Device::gpu);
  const auto most = info.find("max_recommended_working_set_size");
  if (most == info.end() || !std::holds_alternative<size_t>(most->second)) return;
  mx::set_wired_limit(std::min(mx::get_active_memory(), std::get<size_t>(most->second) / 2));
}

Napi::Value describe_model(Napi::Env env, const std::shared_ptr<Model>& model) {
  auto object = make_numbers(env, {{"weightBytes", static_cast<double>(model->weight_bytes())}});
  object.Set("handle", make_handle(env, model));
  object.Set("operations", model->operations_name());
  object.Set("denseEncoder", model->dense_encoder());
  object.Set("arithmetic", model->arithmetic() == whisper::Arithmetic::int8 ? "int8" : "exact");
  object.Set("device", mx::default_device() == mx::Device::gpu ? "gpu" : "cpu");
  auto heads = Napi::Array::New(env);
  for (const auto& [layer, head] : model->alignment_heads()) {
    auto pair = Napi::Array::New(env, 2);
    pair.Set(0u, layer);
    pair.Set(1u, head);
    heads.Set(heads.Length(), pair);
  }
  object.Set("alignmentHeads", heads);
  return object;
}

/// loadModel({ weightsPath, dimensions, groupSize, operations, threads, cacheLimitBytes })
Napi::Value load_model(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const ModelSource source{.weights_path = read_string(request.Get("weightsPath")),
                           .dimensions = read_dimensions(request.Get("dimensions").As<Napi::Object>()),
                           .group_size = read_int(request.Get("groupSize")),
                           .operations = read_operations(read_string(request.Get("operations"))),
                           .compile = request.Get("compile").ToBoolean(),
                           .float32 = request.Get("float32").ToBoolean(),
                           .arithmetic = read_arithmetic(read_string(request.Get("arithmetic"))),
                           .save_memory = request.Get("saveMemory").ToBoolean()};
  const int threads = read_int(request.Get("threads"));
  const auto cache_limit = static_cast<size_t>(request.Get("cacheLimitBytes").ToNumber().Int64Value());
  return js_thread(info.Env()).run(engine_thread(), [source, threads, cache_limit](const JsThread::Emit&) -> ToValue {
    kernels::set_thread_count(threads);
    mx::set_cache_limit(cache_limit);
    auto model = std::make_shared<Model>(source);
    release_unused_memory();
    keep_resident();
    return [model](Napi::Env env) { return describe_model(env, model); };
  });
}

/// logMel(model, audio, startFrame, frameCount, cancellation)
Napi::Value log_mel(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), recording = open_handle<Recording>(info[1]),
            start = info[2].ToNumber().Int64Value(), count = read_int(info[3]),
            cancellation = read_cancellation(info[4])](const JsThread::Emit&) -> ToValue {
             cancellation->check();
             auto mel = std::make_shared<Mel>(model->log_mel(*recording, start, count));
             return [mel](Napi::Env env) {
               auto object = make_numbers(env, {{"contentFrames", mel->content_frames}});
               object.Set("handle", make_handle(env, mel));
               return object;
             };
           });
}

/// readMel(mel): row-major [mel bins, 3000], as OpenAI lays it out.
Napi::Value read_mel(const Napi::CallbackInfo& info) {
  const auto mel = open_handle<Mel>(info[0]);
  const int frames = mel->frames.shape(0), bins = mel->frames.shape(1);
  const float* values = mel->frames.data<float>();
  auto result = Napi::Float32Array::New(info.Env(), mel->frames.size());
  for (int bin = 0; bin < bins; ++bin) {
    for (int frame = 0; frame < frames; ++frame) result.Data()[bin * frames + frame] = values[frame * bins + bin];
  }
  return result;
}

Napi::Value describe_encoding(Napi::Env env, const std::shared_ptr<Encoding>& encoding) {
  auto object = make_numbers(env, {{"windowCount", encoding->windows()}});
  object.Set("handle", make_handle(env, encoding));
  return object;
}

/// encode(model, mels, cancellation)
Napi::Value encode(const Napi::CallbackInfo& info) {
  const auto array = info[1].As<Napi::Array>();
  std::vector<std::shared_ptr<Mel>> mels;
  for (uint32_t i = 0; i < array.Length(); ++i) mels.push_back(open_handle<Mel>(array.Get(i)));
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), mels,
            cancellation = read_cancellation(info[2])](const JsThread::Emit&) -> ToValue {
             cancellation->check();
             std::vector<const Mel*> windows;
             for (const auto& mel : mels) windows.push_back(mel.get());
             auto encoding = std::make_shared<Encoding>(model->encode(windows, *cancellation));
             return [encoding](Napi::Env env) { return describe_encoding(env, encoding); };
           });
}

/// joinEncodings([{ encoding, windows }])
Napi::Value join_encodings(const Napi::CallbackInfo& info) {
  const auto array = info[0].As<Napi::Array>();
  std::vector<whisper::EncodingPart> parts;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto part = array.Get(i).As<Napi::Object>();
    parts.push_back({open_handle<Encoding>(part.Get("encoding")), read_ints(part.Get("windows"))});
  }
  return js_thread(info.Env()).run(engine_thread(), [parts](const JsThread::Emit&) -> ToValue {
    auto joined = std::make_shared<Encoding>(whisper::join_encodings(parts));
    return [joined](Napi::Env env) { return describe_encoding(env, joined); };
  });
}

/// counters(model)
Napi::Value counters(const Napi::CallbackInfo& info) {
  const auto model = open_handle<Model>(info[0]);
  const auto seconds = [](std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); };
  return make_numbers(info.Env(), {{"encodedWindows", static_cast<double>(model->encoded_windows)},
                                   {"decoderSteps", static_cast<double>(model->decoder_steps)},
                                   {"decodeHostSeconds", seconds(model->decode_time.host)},
                                   {"decodeDeviceSeconds", seconds(model->decode_time.device)},
                                   {"compilations", static_cast<double>(whisper::compilations())}});
}

/// clearCache()
Napi::Value clear_cache(const Napi::CallbackInfo& info) {
  return js_thread(info.Env()).run(engine_thread(), [](const JsThread::Emit&) -> ToValue {
    release_unused_memory();
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

template <typename T>
Napi::Value close(const Napi::CallbackInfo& info) {
  close_handle<T>(info[0]);
  return info.Env().Undefined();
}

}  // namespace

void add_model_calls(Napi::Object& exports) {
  add_function(exports, "loadModel", load_model);
  add_function(exports, "logMel", log_mel);
  add_function(exports, "readMel", read_mel);
  add_function(exports, "encode", encode);
  add_function(exports, "joinEncodings", join_encodings);
  add_function(exports, "counters", counters);
  add_function(exports, "clearCache", clear_cache);
  add_function(exports, "closeModel", close<Model>);
  add_function(exports, "closeMel", close<Mel>);
  add_function(exports, "closeEncoding", close<Encoding>);
}

}  // namespace hearth::addon
