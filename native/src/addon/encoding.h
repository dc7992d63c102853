#pragma once

#include "../whisper/model.h"
#include "shared_object.h"

namespace hearth::addon {

/// `NativeEncoding` of native/session.ts.
class Encoding : public SharedObject<Encoding, const whisper::Encoding> {
 public:
  static constexpr const char* kName = "Encoding";
  using SharedObject::SharedObject;
  static void define(Napi::Env env) { SharedObject::define(env, {}); }
};

}  // namespace hearth::addon
