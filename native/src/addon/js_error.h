#pragma once

#include <napi.h>

#include "../errors.h"

namespace hearth::addon {

/// An Error in JavaScript: with `code`, and with `format` if it has one.
inline Napi::Error to_js_error(Napi::Env env, const Error& failure) {
  auto error = Napi::Error::New(env, failure.what());
  error.Set("code", Napi::String::New(env, failure.code()));
  if (!failure.format().empty()) error.Set("format", Napi::String::New(env, failure.format()));
  return error;
}

/// Runs `call` and throws its Errors in JavaScript.
template <typename Call>
Napi::Value throwing(Napi::Env env, const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    throw to_js_error(env, error);
  }
}

inline Napi::Value rejected(Napi::Env env, const Napi::Error& error) {
  const auto deferred = Napi::Promise::Deferred::New(env);
  deferred.Reject(error.Value());
  return deferred.Promise();
}

/// Runs `call`, which returns a promise. If it throws, the promise is rejected.
template <typename Call>
Napi::Value rejecting(Napi::Env env, const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    return rejected(env, to_js_error(env, error));
  } catch (const Napi::Error& error) {
    return rejected(env, error);
  }
}

/// Adds a function. Its errors are thrown.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void add_function(Napi::Object& object, const char* name) {
  const auto call = [](const Napi::CallbackInfo& info) { return throwing(info.Env(), [&] { return function(info); }); };
  object.Set(name, Napi::Function::New(object.Env(), call, name));
}

/// Adds a function that returns a promise. Its errors reject the promise.
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void add_promising_function(Napi::Object& object, const char* name) {
  const auto call = [](const Napi::CallbackInfo& info) {
    return rejecting(info.Env(), [&] { return function(info); });
  };
  object.Set(name, Napi::Function::New(object.Env(), call, name));
}

}  // namespace hearth::addon
