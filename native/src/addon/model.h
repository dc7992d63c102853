#pragma once

#include "../whisper/model.h"
#include "shared_object.h"

namespace hearth::addon {

/// `NativeModel` of native/model.ts.
class Model : public SharedObject<Model, whisper::Model> {
 public:
  static constexpr const char* kName = "Model";
  using SharedObject::SharedObject;
  static void define(Napi::Env env);

  /// loadModel(request): see `Addon` in native/addon.ts.
  static Napi::Value load(const Napi::CallbackInfo& info);

 private:
  Napi::Value counters(const Napi::CallbackInfo& info);
  Napi::Value session(const Napi::CallbackInfo& info);
  Napi::Value warm_up(const Napi::CallbackInfo& info);
};

}  // namespace hearth::addon
