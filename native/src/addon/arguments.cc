#include "arguments.h"

#include <utility>

namespace hearth::addon {

void add_function(Napi::Object& exports, const char* name,
                  std::function<Napi::Value(const Napi::CallbackInfo&)> function) {
  const auto guarded = [function = std::move(function)](const Napi::CallbackInfo& info) -> Napi::Value {
    try {
      return function(info);
    } catch (const Error& error) {
      auto thrown = Napi::Error::New(info.Env(), error.what());
      thrown.Set("code", Napi::String::New(info.Env(), error.code()));
      throw thrown;
    }
  };
  exports.Set(name, Napi::Function::New(exports.Env(), guarded, name));
}

}  // namespace hearth::addon
