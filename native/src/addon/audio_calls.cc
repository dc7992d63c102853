#include <algorithm>

#include "../audio/audio.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"

namespace hearth::addon {
namespace {

Napi::Value describe_warning(Napi::Env env, const audio::Warning& warning) {
  auto object = Napi::Object::New(env);
  object.Set("code", warning.code);
  object.Set("message", warning.message);
  object.Set("atSeconds", warning.at_seconds ? Napi::Value(Napi::Number::New(env, *warning.at_seconds)) : env.Null());
  object.Set("bytes",
             warning.bytes ? Napi::Value(Napi::Number::New(env, static_cast<double>(*warning.bytes))) : env.Null());
  return object;
}

Napi::Value describe(Napi::Env env, const std::shared_ptr<audio::Recording>& recording) {
  const auto& audio = recording->audio();
  auto object = make_numbers(env, {{"sampleCount", static_cast<double>(audio.samples.size())},
                                   {"sourceSampleRateHz", audio.source_sample_rate},
                                   {"sourceChannels", audio.source_channels},
                                   {"peakAmplitude", audio.level.peak},
                                   {"rmsAmplitude", audio.level.rms},
                                   {"dcOffset", audio.level.mean}});
  object.Set("handle", make_handle(env, recording));
  object.Set("container", audio.container);
  object.Set("codec", audio.codec);
  auto warnings = Napi::Array::New(env, audio.warnings.size());
  for (uint32_t i = 0; i < audio.warnings.size(); ++i) warnings[i] = describe_warning(env, audio.warnings[i]);
  object.Set("warnings", warnings);
  return object;
}

/// openAudio(path, cancellation, onProgress)
Napi::Value open_audio(const Napi::CallbackInfo& info) {
  const auto cancellation = read_cancellation(info[1]);
  return js_thread(info.Env())
      .run(audio_thread(),
           [path = read_string(info[0]), cancellation](const JsThread::Emit& emit) -> ToValue {
             const auto on_progress = [&emit](double decoded, double total) {
               emit(0, [decoded, total](Napi::Env env) {
                 auto progress = make_numbers(env, {{"decodedSeconds", decoded}});
                 progress.Set("totalSeconds", total < 0 ? env.Null() : Napi::Value(Napi::Number::New(env, total)));
                 return progress;
               });
             };
             auto audio = audio::decode_audio({path, cancellation.get(), on_progress});
             auto recording = std::make_shared<audio::Recording>(std::move(audio));
             return [recording](Napi::Env env) { return describe(env, recording); };
           },
           {}, {info[2]});
}

/// readSamples(audio, start, count)
Napi::Value read_samples(const Napi::CallbackInfo& info) {
  const auto recording = open_handle<audio::Recording>(info[0]);
  const auto& samples = recording->audio().samples;
  const auto size = static_cast<int64_t>(samples.size());
  const int64_t first = std::clamp<int64_t>(info[1].ToNumber().Int64Value(), 0, size);
  const int64_t last = std::clamp<int64_t>(first + info[2].ToNumber().Int64Value(), first, size);
  auto result = Napi::Int16Array::New(info.Env(), last - first);
  std::copy(samples.begin() + first, samples.begin() + last, result.Data());
  return result;
}

Napi::Value close_audio(const Napi::CallbackInfo& info) {
  close_handle<audio::Recording>(info[0]);
  return info.Env().Undefined();
}

}  // namespace

void add_audio_calls(Napi::Object& exports) {
  add_function(exports, "openAudio", open_audio);
  add_function(exports, "readSamples", read_samples);
  add_function(exports, "closeAudio", close_audio);
}

}  // namespace hearth::addon
