#include "abort_signal.h"

#include <memory>

#include "work_thread.h"

namespace hearth::addon {
namespace {

using Box = CancellationPointer;

/// Kept with the signal, so that it is listened to once, however many calls it is given to.
void keep(const Napi::Object& signal, const Napi::Symbol& key, const CancellationPointer& cancellation) {
  auto box = Napi::External<Box>::New(signal.Env(), new Box(cancellation), [](Napi::Env, Box* owned) { delete owned; });
  Napi::Object(signal).DefineProperty(Napi::PropertyDescriptor::Value(key, box, napi_default));
}

void listen(const Napi::Object& signal, const CancellationPointer& cancellation) {
  const auto env = signal.Env();
  const auto cancel = Napi::Function::New(env, [cancellation](const Napi::CallbackInfo&) {
    cancellation->cancel();
    // A thread that waits has a look at what is cancelled.
    engine_thread().post([] {});
  });
  auto once = Napi::Object::New(env);
  once.Set("once", true);
  signal.Get("addEventListener").As<Napi::Function>().Call(signal, {Napi::String::New(env, "abort"), cancel, once});
}

}  // namespace

CancellationPointer cancellation_of(const Napi::Value& value) {
  if (!value.IsObject()) return std::make_shared<Cancellation>();
  const auto signal = value.As<Napi::Object>();
  const auto key = Napi::Symbol::For(value.Env(), "hearth.cancellation");
  const auto known = signal.Get(key);
  if (known.IsExternal()) return *known.As<Napi::External<Box>>().Data();
  auto cancellation = std::make_shared<Cancellation>();
  keep(signal, key, cancellation);
  if (signal.Get("aborted").ToBoolean()) {
    cancellation->cancel();
  } else {
    listen(signal, cancellation);
  }
  return cancellation;
}

}  // namespace hearth::addon
