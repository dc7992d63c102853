#pragma once

#include "../vad/silero.h"
#include "shared_object.h"

namespace hearth::addon {

/// `NativeVoiceActivity` of native/audio.ts.
class VoiceActivity : public SharedObject<VoiceActivity, vad::Silero> {
 public:
  static constexpr const char* kName = "VoiceActivity";
  using SharedObject::SharedObject;
  static void define(Napi::Env env) { SharedObject::define(env, {}); }

  /// loadVoiceActivity({ path })
  static Napi::Value load(const Napi::CallbackInfo& info);
};

}  // namespace hearth::addon
