#pragma once

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "../errors.h"
#include "work_thread.h"

namespace hearth::addon {

/// A JavaScript value made on the JavaScript thread from a result of the work.
using ToValue = std::function<Napi::Value(Napi::Env)>;

/// The way from the workers back to one JavaScript environment, and the calls it has not been answered yet.
class JsThread : public std::enable_shared_from_this<JsThread> {
 public:
  explicit JsThread(Napi::Env env);

  /// Reports an event to the call's callback. Any thread.
  using Emit = std::function<void(ToValue argument)>;
  /// Runs on the worker, returns how to make the promise's value. Throws Error to reject.
  using Work = std::function<ToValue(const Emit&)>;

  /// JavaScript thread only. `callback` may be undefined.
  Napi::Promise run(WorkThread& worker, const Napi::Value& callback, Work work);
  Napi::Promise run(WorkThread& worker, std::function<ToValue()> work);

  /// The environment ends: forgets every call, so that nothing of JavaScript is touched from a worker later.
  void close();

 private:
  struct Call {
    Napi::Promise::Deferred deferred;
    Napi::FunctionReference callback;
  };

  void post(std::function<void(Napi::Env)> task);
  void emit(uint64_t id, ToValue argument);
  void reject(uint64_t id, const Error& error);
  void settle(uint64_t id, const std::function<void(Napi::Env, Call&)>& how);

  Napi::Env env_;
  Napi::ThreadSafeFunction tasks_;
  std::unordered_map<uint64_t, Call> calls_;  ///< JavaScript thread only
  uint64_t next_id_ = 0;
  std::atomic<bool> closed_ = false;
};

}  // namespace hearth::addon
