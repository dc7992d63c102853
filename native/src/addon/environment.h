#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "js_thread.h"

namespace hearth::addon {

/// The addon's data for one JavaScript environment: that of the main thread or of a worker.
struct Environment {
  /// Shared with work that may outlive the environment.
  std::shared_ptr<JsThread> js_thread;
  /// The addon's classes by name.
  std::unordered_map<std::string, Napi::FunctionReference> classes;
};

Environment& environment(Napi::Env env);

}  // namespace hearth::addon
