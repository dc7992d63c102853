#include "model.h"

#include <algorithm>
#include <chrono>
#include <variant>

#include "../loading.h"
#include "../whisper/warm_up.h"
#include "abort_signal.h"
#include "arguments.h"
#include "audio.h"
#include "decode_requests.h"
#include "decode_results.h"
#include "mel_and_encoding.h"
#include "mlx/device.h"
#include "mlx/memory.h"
#include "process.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

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

whisper::ModelSource read_source(const Napi::Object& request) {
  return {.weights_path = read_string(request.Get("weightsPath")),
          .dimensions = read_dimensions(request.Get("dimensions").As<Napi::Object>()),
          .group_size = read_int(request.Get("groupSize")),
          .operations = read_operations(read_string(request.Get("operations"))),
          .float32 = request.Get("float32").ToBoolean(),
          .arithmetic =
              read_string(request.Get("arithmetic")) == "int8" ? whisper::Arithmetic::int8 : whisper::Arithmetic::exact,
          .save_memory = request.Get("saveMemory").ToBoolean()};
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

Napi::Value make_head(Napi::Env env, const std::pair<int, int>& head) {
  auto pair = Napi::Array::New(env, 2);
  pair.Set(0U, head.first);
  pair.Set(1U, head.second);
  return pair;
}

Napi::Object describe_model(Napi::Env env, const std::shared_ptr<whisper::Model>& model) {
  auto object = Model::make(env, model);
  object.Set("operations", model->operations_name());
  object.Set("denseEncoder", model->dense_encoder());
  object.Set("arithmetic", model->arithmetic() == whisper::Arithmetic::int8 ? "int8" : "exact");
  object.Set("device", mx::default_device() == mx::Device::gpu ? "gpu" : "cpu");
  object.Set("weightBytes", static_cast<double>(model->weight_bytes()));
  object.Set("alignmentHeads", make_each(env, model->alignment_heads(), make_head));
  return object;
}

Napi::Object describe_mel(Napi::Env env, const std::shared_ptr<whisper::Mel>& mel) {
  auto object = Mel::make(env, mel);
  object.Set("contentFrames", mel->content_frames);
  return object;
}

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void Model::define(Napi::Env env) {
  SharedObject::define(env, {getter<&Model::counters>("counters"), promiser<&Model::log_mel>("logMel"),
                             promiser<&Model::encode>("encode"), promiser<&Model::detect_language>("detectLanguage"),
                             promiser<&Model::decode>("decode"), promiser<&Model::beam_search>("beamSearch"),
                             promiser<&Model::align>("align"), promiser<&Model::warm_up>("warmUp")});
}

Napi::Value Model::load(const Napi::CallbackInfo& info) {
  const auto source = read_source(info[0].As<Napi::Object>());
  return environment(info.Env()).js_thread->run(engine_thread(), [source]() -> ToValue {
    const auto model = loading(source.weights_path, [&] { return std::make_shared<whisper::Model>(source); });
    release_unused_memory();
    keep_resident();
    return [model](Napi::Env env) { return describe_model(env, model); };
  });
}

Napi::Value Model::counters(const Napi::CallbackInfo& info) {
  const auto model = held();
  return make_numbers(info.Env(), {{"encodedWindows", static_cast<double>(model->encoded_windows)},
                                   {"decoderSteps", static_cast<double>(model->decoder_steps)},
                                   {"decodeHostSeconds", in_seconds(model->decode_time.host)},
                                   {"decodeDeviceSeconds", in_seconds(model->decode_time.device)}});
}

/// logMel({ audio, startFrame, frameCount, signal })
Napi::Value Model::log_mel(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(
          engine_thread(),
          [model = held(), recording = Audio::open(request.Get("audio")),
           start = request.Get("startFrame").ToNumber().Int64Value(), count = read_int(request.Get("frameCount")),
           cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
            cancellation->check();
            const auto mel = std::make_shared<whisper::Mel>(model->log_mel(*recording, start, count));
            return [mel](Napi::Env env) { return describe_mel(env, mel); };
          });
}

/// encode({ mels, signal })
Napi::Value Model::encode(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = held(), mels = read_each(request.Get("mels"), Mel::open),
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        cancellation->check();
                        std::vector<const whisper::Mel*> windows;
                        for (const auto& mel : mels) windows.push_back(mel.get());
                        std::vector<std::shared_ptr<whisper::Encoding>> encodings;
                        for (auto& encoding : model->encode(windows, *cancellation)) {
                          encodings.push_back(std::make_shared<whisper::Encoding>(std::move(encoding)));
                        }
                        return [encodings = std::move(encodings)](Napi::Env env) {
                          return make_each(env, encodings, Encoding::make);
                        };
                      });
}

/// detectLanguage({ encodings, sot, languageTokens, signal })
Napi::Value Model::detect_language(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = held(), encodings = read_encodings(request.Get("encodings")),
                       sot = read_int(request.Get("sot")), tokens = read_ints(request.Get("languageTokens")),
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        cancellation->check();
                        auto windows = model->detect_language(encodings, sot, tokens);
                        return [windows = std::move(windows)](Napi::Env env) {
                          return make_each(env, windows, make_floats);
                        };
                      });
}

/// decode(request): see `DecodeRequest` in native/decoding.ts.
Napi::Value Model::decode(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(
          engine_thread(), request.Get("onToken"),
          [model = held(), decode = read_decode_request(request),
           cancellation = cancellation_of(request.Get("signal"))](const JsThread::Emit& emit) -> ToValue {
            const auto on_token = [&](int row, int token) {
              emit([row, token](Napi::Env env) { return make_numbers(env, {{"row", row}, {"token", token}}); });
            };
            auto results = whisper::decode_rows(*model, decode, on_token, *cancellation);
            return [results = std::move(results)](Napi::Env env) { return describe_all(env, results); };
          });
}

/// beamSearch(request): see `BeamSearchRequest` in native/decoding.ts.
Napi::Value Model::beam_search(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = held(), search = read_beam_request(request),
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        auto results = whisper::beam_search(*model, search, *cancellation);
                        return [results = std::move(results)](Napi::Env env) { return describe_all(env, results); };
                      });
}

/// align(request): see `AlignRequest` in native/decoding.ts.
Napi::Value Model::align(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = held(), align = read_align_request(request),
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        auto alignments = whisper::align_rows(*model, align, *cancellation);
                        return [alignments = std::move(alignments)](Napi::Env env) {
                          return describe_all(env, alignments);
                        };
                      });
}

/// warmUp({ batchSize, filters, endOfText, signal, onProgress })
Napi::Value Model::warm_up(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  const whisper::WarmUpRequest request{.batch_size = read_int(object.Get("batchSize")),
                                       .filters = read_filters(object.Get("filters").As<Napi::Object>()),
                                       .end_of_text = read_int(object.Get("endOfText"))};
  return environment(info.Env())
      .js_thread->run(
          engine_thread(), object.Get("onProgress"),
          [model = held(), request,
           cancellation = cancellation_of(object.Get("signal"))](const JsThread::Emit& emit) -> ToValue {
            const auto on_progress = [&](int done, int total) {
              emit([done, total](Napi::Env env) { return make_numbers(env, {{"done", done}, {"total", total}}); });
            };
            whisper::warm_up(*model, request, on_progress, *cancellation);
            return [](Napi::Env env) { return env.Undefined(); };
          });
}

}  // namespace hearth::addon
