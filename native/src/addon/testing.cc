#include "testing.h"

#include "../scheduler/capacity.h"
#include "../whisper/check_inputs.h"
#include "../whisper/compiled.h"
#include "arguments.h"
#include "audio.h"
#include "encoding.h"
#include "mlx/ops.h"
#include "model.h"
#include "text_requests.h"
#include "voice_activity.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

/// filterLogits({ filters, speechUntil, sampled, logits }): a filtered copy.
Napi::Value filter_logits(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto logits = request.Get("logits").As<Napi::Float32Array>();
  std::vector<float> values(logits.Data(), logits.Data() + logits.ElementLength());
  const auto filters = read_filters(request.Get("filters"));
  const int speech_until = read_optional_int(request.Get("speechUntil")).value_or(0);
  whisper::check_filters(static_cast<int>(values.size()), filters);
  whisper::apply_logit_filters(filters, speech_until, read_ints(request.Get("sampled")), values);
  return make_floats(info.Env(), values);
}

/// readLogits({ model, encoding, tokens })
Napi::Value read_logits(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = Model::open(request.Get("model")), encoding = Encoding::open(request.Get("encoding")),
                       tokens = read_ints(request.Get("tokens"))]() -> ToValue {
                        auto values = model->logits(*encoding, tokens);
                        return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
                      });
}

/// readSpeechProbabilities({ network, audio })
Napi::Value read_speech_probabilities(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(), [network = VoiceActivity::open(request.Get("network")),
                                        recording = Audio::open(request.Get("audio"))]() -> ToValue {
        vad::SpeechDetection detection(network, recording->audio().samples);
        while (!detection.advance()) continue;
        auto probabilities = detection.take_probabilities();
        return [probabilities = std::move(probabilities)](Napi::Env env) { return make_floats(env, probabilities); };
      });
}

/// readFeatures(encoding)
Napi::Value read_features(const Napi::CallbackInfo& info) {
  const auto encoding = Encoding::open(info[0]);
  return environment(info.Env()).js_thread->run(engine_thread(), [encoding]() -> ToValue {
    auto features = mx::contiguous(mx::astype(encoding->features, mx::float32));
    features.eval();
    std::vector<float> values(features.data<float>(), features.data<float>() + features.size());
    return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
  });
}

/// Row-major [mel bins, 3000], as OpenAI lays it out.
std::vector<float> transposed(const whisper::Mel& mel) {
  const int frames = mel.frames.shape(0), bins = mel.frames.shape(1);
  const float* values = mel.frames.data<float>();
  std::vector<float> result(mel.frames.size());
  for (int bin = 0; bin < bins; ++bin) {
    for (int frame = 0; frame < frames; ++frame) result[bin * frames + frame] = values[frame * bins + bin];
  }
  return result;
}

/// readLogMel({ model, audio, startFrame, frameCount })
Napi::Value read_log_mel(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [model = Model::open(request.Get("model")), recording = Audio::open(request.Get("audio")),
                       start = request.Get("startFrame").ToNumber().Int64Value(),
                       count = read_int(request.Get("frameCount"))]() -> ToValue {
                        auto values = transposed(model->log_mel(*recording, start, count, whisper::kFramesPerWindow));
                        return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
                      });
}

/// forceCapacity(bytes)
Napi::Value force_capacity(const Napi::CallbackInfo& info) {
  scheduler::force_capacity(static_cast<size_t>(info[0].ToNumber().Int64Value()));
  return info.Env().Undefined();
}

Napi::Value compilations(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(whisper::compilations()));
}

}  // namespace

Napi::Object make_testing(Napi::Env env) {
  auto object = Napi::Object::New(env);
  add_function<filter_logits>(object, "filterLogits");
  add_function<compilations>(object, "compilations");
  add_function<force_capacity>(object, "forceCapacity");
  add_promising_function<read_logits>(object, "readLogits");
  add_promising_function<read_log_mel>(object, "readLogMel");
  add_promising_function<read_speech_probabilities>(object, "readSpeechProbabilities");
  add_promising_function<read_features>(object, "readFeatures");
  return object;
}

}  // namespace hearth::addon
