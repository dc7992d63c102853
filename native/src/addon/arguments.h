#pragma once

#include <napi.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../scheduler/session.h"

namespace hearth::addon {

// The types in native/index.ts describe the arguments. These functions only convert them.

inline int read_int(const Napi::Value& value) {
  const double number = value.ToNumber().DoubleValue();
  // JavaScript would keep the last 32 bits, and make 0 of what is no number.
  if (!(std::abs(number) <= std::numeric_limits<int>::max())) {
    throw Napi::RangeError::New(value.Env(), "Expected a number of 32 bits, got something else.");
  }
  return static_cast<int>(number);
}

inline std::optional<int> read_optional_int(const Napi::Value& value) {
  return value.IsNumber() ? std::optional(read_int(value)) : std::nullopt;
}

inline std::string read_string(const Napi::Value& value) { return value.ToString().Utf8Value(); }

/// `bulk`, or interactive where it is anything else.
inline scheduler::Priority read_priority(const Napi::Value& value) {
  const bool is_bulk = value.IsString() && read_string(value) == "bulk";
  return is_bulk ? scheduler::Priority::bulk : scheduler::Priority::interactive;
}

/// An array of integers. They are passed in one piece, because prompts have hundreds of them.
inline std::vector<std::string> read_strings(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> strings(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) strings[i] = read_string(array.Get(i));
  return strings;
}

inline std::vector<int> read_ints(const Napi::Value& value) {
  const auto type = value.Env().Global().Get("Int32Array").As<Napi::Object>();
  const auto array = type.Get("from").As<Napi::Function>().Call(type, {value}).As<Napi::Int32Array>();
  return {array.Data(), array.Data() + array.ElementLength()};
}

/// An array of two integers.
inline std::pair<int, int> read_pair(const Napi::Value& value) {
  const auto pair = value.As<Napi::Array>();
  return {read_int(pair.Get(0U)), read_int(pair.Get(1U))};
}

/// The result of `read` for each value of an array.
template <typename Read>
auto read_each(const Napi::Value& value, const Read& read) {
  const auto array = value.As<Napi::Array>();
  std::vector<decltype(read(std::declval<Napi::Value>()))> values;
  for (uint32_t i = 0; i < array.Length(); ++i) values.push_back(read(array.Get(i)));
  return values;
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

/// An array with the result of `make` for each value.
template <typename Value, typename Make>
Napi::Array make_each(Napi::Env env, const std::vector<Value>& values, const Make& make) {
  auto array = Napi::Array::New(env, values.size());
  for (size_t i = 0; i < values.size(); ++i) array.Set(static_cast<uint32_t>(i), make(env, values[i]));
  return array;
}

}  // namespace hearth::addon
