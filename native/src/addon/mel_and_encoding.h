#pragma once

#include <vector>

#include "../whisper/model.h"
#include "arguments.h"
#include "shared_object.h"

namespace hearth::addon {

/// `NativeMel` of native/model.ts.
class Mel : public SharedObject<Mel, whisper::Mel> {
 public:
  static constexpr const char* kName = "Mel";
  using SharedObject::SharedObject;
  static void define(Napi::Env env) { SharedObject::define(env, {}); }
};

/// `NativeEncoding` of native/model.ts.
class Encoding : public SharedObject<Encoding, whisper::Encoding> {
 public:
  static constexpr const char* kName = "Encoding";
  using SharedObject::SharedObject;
  static void define(Napi::Env env) { SharedObject::define(env, {}); }
};

inline std::vector<whisper::EncodingPointer> read_encodings(const Napi::Value& value) {
  return read_each(value, [](const Napi::Value& each) -> whisper::EncodingPointer { return Encoding::open(each); });
}

}  // namespace hearth::addon
