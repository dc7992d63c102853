#pragma once

#include "../audio/recording.h"
#include "shared_object.h"

namespace hearth::addon {

/// `NativeAudio` of native/audio.ts.
class Audio : public SharedObject<Audio, audio::Recording> {
 public:
  static constexpr const char* kName = "Audio";
  using SharedObject::SharedObject;
  static void define(Napi::Env env);

  /// beginAudio({ path, listeners, priority, signal })
  static Napi::Value begin_file(const Napi::CallbackInfo& info);
  /// openChannels({ path, signal })
  static Napi::Value open_channels(const Napi::CallbackInfo& info);
  /// A recording with what JavaScript reads of it.
  static Napi::Object describe(Napi::Env env, const std::shared_ptr<audio::Recording>& recording);

 private:
  Napi::Value samples(const Napi::CallbackInfo& info);
  Napi::Value reach(const Napi::CallbackInfo& info);
  Napi::Value whole(const Napi::CallbackInfo& info);
};

}  // namespace hearth::addon
