#include "environment.h"

namespace hearth::addon {
namespace {

void end(Napi::Env, Environment* environment) {
  environment->js_thread->close();
  delete environment;
}

}  // namespace

Environment& environment(Napi::Env env) {
  if (auto* const known = env.GetInstanceData<Environment>()) return *known;
  auto* const made = new Environment{std::make_shared<JsThread>(env), {}};
  env.SetInstanceData<Environment, end>(made);
  return *made;
}

}  // namespace hearth::addon
