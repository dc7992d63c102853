#pragma once

#include <napi.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../cancellation.h"
#include "handle_tags.h"

namespace hearth::addon {

// The TypeScript in front of the addon validates; these only convert.

inline int read_int(const Napi::Value& value) { return value.ToNumber().Int32Value(); }

inline std::optional<int> read_optional_int(const Napi::Value& value) {
  return value.IsNumber() ? std::optional(read_int(value)) : std::nullopt;
}

inline std::string read_string(const Napi::Value& value) { return value.ToString().Utf8Value(); }

/// An Int32Array.
inline std::vector<int> read_ints(const Napi::Value& value) {
  const auto array = value.As<Napi::Int32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

/// The cancellation given, or one that nobody cancels.
inline CancellationPointer read_cancellation(const Napi::Value& value) {
  return value.IsExternal() ? open_handle<Cancellation>(value) : std::make_shared<Cancellation>();
}

inline Napi::Value make_floats(Napi::Env env, const std::vector<float>& values) {
  auto array = Napi::Float32Array::New(env, values.size());
  std::copy(values.begin(), values.end(), array.Data());
  return array;
}

/// An object with numbers.
inline Napi::Object make_numbers(Napi::Env env, std::initializer_list<std::pair<const char*, double>> fields) {
  auto object = Napi::Object::New(env);
  for (const auto& [name, value] : fields) object.Set(name, value);
  return object;
}

/// Adds a synchronous function; an Error it throws becomes a JavaScript Error with its code.
void add_function(Napi::Object& exports, const char* name,
                  std::function<Napi::Value(const Napi::CallbackInfo&)> function);

}  // namespace hearth::addon
