#include "voice_activity.h"

#include "../loading.h"
#include "abort_signal.h"
#include "arguments.h"
#include "audio.h"

namespace hearth::addon {

void VoiceActivity::define(Napi::Env env) {
  SharedObject::define(env, {promiser<&VoiceActivity::speech_probabilities>("speechProbabilities")});
}

Napi::Value VoiceActivity::load(const Napi::CallbackInfo& info) {
  const auto path = read_string(info[0].As<Napi::Object>().Get("path"));
  return environment(info.Env()).js_thread->run(engine_thread(), [path]() -> ToValue {
    const auto network = loading(path, [&] { return std::make_shared<vad::Silero>(path); });
    return [network](Napi::Env env) { return make(env, network); };
  });
}

/// speechProbabilities({ audio, signal })
Napi::Value VoiceActivity::speech_probabilities(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  return environment(info.Env())
      .js_thread->run(engine_thread(),
                      [network = held(), recording = Audio::open(request.Get("audio")),
                       cancellation = cancellation_of(request.Get("signal"))]() -> ToValue {
                        auto probabilities = network->speech_probabilities(recording->audio().samples, *cancellation);
                        return [probabilities = std::move(probabilities)](Napi::Env env) {
                          return make_floats(env, probabilities);
                        };
                      });
}

}  // namespace hearth::addon
