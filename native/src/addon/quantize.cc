#include "quantize.h"

#include "../quantize/quantize_model.h"
#include "abort_signal.h"
#include "arguments.h"
#include "audio.h"
#include "environment.h"
#include "read_dimensions.h"
#include "work_thread.h"

namespace hearth::addon {
namespace {

quantize::CalibrationWindow read_window(const Napi::Value& value) {
  const auto window = value.As<Napi::Object>();
  return {.recording = Audio::open(window.Get("audio")),
          .start_frame = window.Get("startFrame").ToNumber().Int64Value(),
          .frame_count = read_int(window.Get("frameCount")),
          .tokens = read_ints(window.Get("tokens"))};
}

}  // namespace

Napi::Value quantize_model(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  const quantize::QuantizeRequest request{
      .weights_path = read_string(object.Get("weightsPath")),
      .other_weights_paths = read_strings(object.Get("otherWeightsPaths")),
      .dimensions = read_dimensions(object.Get("dimensions").As<Napi::Object>()),
      .output_path = read_string(object.Get("outputPath")),
      .finished_path = read_string(object.Get("finishedPath")),
      .bits = read_int(object.Get("bits")),
      .encoder_bits = read_int(object.Get("encoderBits")),
      .group_size = read_int(object.Get("groupSize")),
      .alignment_heads = read_each(object.Get("alignmentHeads"), read_pair),
      .windows = read_each(object.Get("windows"), read_window)};
  return environment(info.Env())
      .js_thread->run(
          engine_thread(), object.Get("onProgress"),
          [request, cancellation = cancellation_of(object.Get("signal"))](const JsThread::Pending& call) -> ToValue {
            const auto on_layer = [&](int done, int total) {
              call.emit([done, total](Napi::Env env) { return make_numbers(env, {{"done", done}, {"total", total}}); });
            };
            quantize::quantize_model(request, on_layer, *cancellation);
            return [](Napi::Env env) { return env.Undefined(); };
          });
}

}  // namespace hearth::addon
