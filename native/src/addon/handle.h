#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <utility>

#include "../errors.h"
#include "work_thread.h"

namespace hearth::addon {

/// Each kind of handle has a tag of its own, so that one kind passed for another is an error and not a crash.
template <typename T>
struct HandleTag;

/// Gives JavaScript a share of `object`. What it shares is released on the engine thread, on `close_handle` or when the
/// handle is collected.
template <typename T>
Napi::Value make_handle(Napi::Env env, std::shared_ptr<T> object) {
  using Box = std::shared_ptr<T>;
  auto box = std::make_unique<Box>(std::move(object));
  auto external = Napi::External<Box>::New(env, box.get(), [](Napi::Env, Box* raw) {
    const std::unique_ptr<Box> owned(raw);
    if (*owned) engine_thread().post([last = std::move(*owned)]() mutable { last.reset(); });
  });
  box.release();
  external.TypeTag(&HandleTag<T>::value);
  return external;
}

template <typename T>
std::shared_ptr<T>& handle_box(const Napi::Value& value) {
  if (!value.IsExternal() || !value.As<Napi::External<std::shared_ptr<T>>>().CheckTypeTag(&HandleTag<T>::value)) {
    throw Error("INTERNAL", "Expected a handle of another kind.");
  }
  return *value.As<Napi::External<std::shared_ptr<T>>>().Data();
}

/// Throws INTERNAL when it was closed.
template <typename T>
std::shared_ptr<T> open_handle(const Napi::Value& value) {
  auto object = handle_box<T>(value);
  if (!object) throw Error("INTERNAL", "Expected an open handle, got one that was closed.");
  return object;
}

template <typename T>
void close_handle(const Napi::Value& value) {
  auto& box = handle_box<T>(value);
  if (box) engine_thread().post([last = std::exchange(box, nullptr)]() mutable { last.reset(); });
}

}  // namespace hearth::addon
