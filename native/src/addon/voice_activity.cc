#include "voice_activity.h"

#include "../loading.h"
#include "arguments.h"

namespace hearth::addon {

Napi::Value VoiceActivity::load(const Napi::CallbackInfo& info) {
  const auto path = read_string(info[0].As<Napi::Object>().Get("path"));
  return environment(info.Env()).js_thread->run(engine_thread(), [path]() -> ToValue {
    const auto network = loading(path, [&] { return std::make_shared<vad::Silero>(path); });
    return [network](Napi::Env env) { return make(env, network); };
  });
}

}  // namespace hearth::addon
