#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <unordered_map>

#include "js_thread.h"

namespace hearth::addon {

/// What the addon keeps for one JavaScript environment: the main thread's, or a worker's.
struct Environment {
  /// Shared with work that may outlive the environment.
  std::shared_ptr<JsThread> js_thread;
  /// The addon's classes by their names.
  std::unordered_map<std::string, Napi::FunctionReference> classes;
};

Environment& environment(Napi::Env env);

}  // namespace hearth::addon
