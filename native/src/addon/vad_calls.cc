#include "../vad/silero.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"

namespace hearth::addon {
namespace {

/// loadVoiceActivity(path)
Napi::Value load_voice_activity(const Napi::CallbackInfo& info) {
  return js_thread(info.Env()).run(engine_thread(), [path = read_string(info[0])](const JsThread::Emit&) -> ToValue {
    auto network = std::make_shared<vad::Silero>(path);
    return [network](Napi::Env env) { return make_handle(env, network); };
  });
}

/// speechProbabilities(network, audio, cancellation)
Napi::Value speech_probabilities(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [network = open_handle<vad::Silero>(info[0]), recording = open_handle<audio::Recording>(info[1]),
            cancellation = read_cancellation(info[2])](const JsThread::Emit&) -> ToValue {
             auto probabilities = network->speech_probabilities(recording->audio().samples, *cancellation);
             return
                 [probabilities = std::move(probabilities)](Napi::Env env) { return make_floats(env, probabilities); };
           });
}

Napi::Value close_voice_activity(const Napi::CallbackInfo& info) {
  close_handle<vad::Silero>(info[0]);
  return info.Env().Undefined();
}

}  // namespace

void add_vad_calls(Napi::Object& exports) {
  add_function(exports, "loadVoiceActivity", load_voice_activity);
  add_function(exports, "speechProbabilities", speech_probabilities);
  add_function(exports, "closeVoiceActivity", close_voice_activity);
}

}  // namespace hearth::addon
