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

  /// A call that is settled later, once, from any thread.
  struct Pending {
    std::shared_ptr<JsThread> js_thread;
    uint64_t id;
    bool is_called_back;

    void resolve(ToValue value) const;
    void reject(const Error& error) const;
    /// Reports an event to the call's callback.
    void emit(ToValue argument) const;
  };
  struct Call {
    Napi::Promise promise;
    Pending pending;
  };
  /// JavaScript thread only. `callback` may be undefined.
  Call begin(const Napi::Value& callback);
  Call begin() { return begin(env_.Undefined()); }

  /// Runs on the worker, returns how to make the promise's value. Throws Error to reject.
  using Work = std::function<ToValue(const Pending& call)>;
  Napi::Promise run(WorkThread& worker, const Napi::Value& callback, Work work);
  Napi::Promise run(WorkThread& worker, std::function<ToValue()> work);

  /// The environment ends: forgets every call, so that nothing of JavaScript is touched from a worker later.
  void close();

 private:
  struct Unsettled {
    Napi::Promise::Deferred deferred;
    Napi::FunctionReference callback;
  };

  void post(std::function<void(Napi::Env)> task);
  void settle(uint64_t id, const std::function<void(Napi::Env, Unsettled&)>& how);

  Napi::Env env_;
  Napi::ThreadSafeFunction tasks_;
  std::unordered_map<uint64_t, Unsettled> calls_;  ///< JavaScript thread only
  uint64_t next_id_ = 0;
  std::atomic<bool> closed_ = false;
};

}  // namespace hearth::addon
