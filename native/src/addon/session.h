#pragma once

#include <optional>

#include "../audio/right_of_way.h"
#include "../scheduler/session.h"
#include "../whisper/log_mel_window.h"
#include "shared_object.h"

namespace hearth::addon {

/// `loudest` of native/session.ts.
whisper::Loudest read_loudest(const Napi::Value& value);

/// A session that JavaScript holds open.
struct OpenSession {
  explicit OpenSession(scheduler::SessionPointer session);
  OpenSession(const OpenSession&) = delete;
  OpenSession& operator=(const OpenSession&) = delete;
  ~OpenSession();

  const scheduler::SessionPointer session;

 private:
  std::optional<audio::RightOfWay> right_of_way_;
};

/// `NativeSession` of native/session.ts.
class Session : public SharedObject<Session, OpenSession> {
 public:
  static constexpr const char* kName = "Session";
  using SharedObject::SharedObject;
  static void define(Napi::Env env);

  /// On a model's JavaScript object; see `SessionRequest` in native/session.ts.
  static Napi::Object open_on(const Napi::Object& model, const Napi::Object& request);

 private:
  Napi::Value usage(const Napi::CallbackInfo& info);
  Napi::Value speech_from(const Napi::CallbackInfo& info);
  Napi::Value hear_on(const Napi::CallbackInfo& info);
  Napi::Value encode(const Napi::CallbackInfo& info);
  Napi::Value detect_language(const Napi::CallbackInfo& info);
  Napi::Value decode(const Napi::CallbackInfo& info);
  Napi::Value beam_search(const Napi::CallbackInfo& info);
  Napi::Value align(const Napi::CallbackInfo& info);
};

}  // namespace hearth::addon
