#include "js_thread.h"

#include <memory>
#include <string>
#include <utility>

#include "../memory.h"
#include "js_error.h"

namespace hearth::addon {
namespace {

/// What a callback throws is an uncaught exception, as from any other callback of Node's.
void run_or_throw(Napi::Env env, const std::function<void(Napi::Env)>& task) {
  const Napi::HandleScope scope(env);
  try {
    task(env);
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());
  }
}

}  // namespace

JsThread::JsThread(Napi::Env env) : env_(env) {
  const auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  tasks_ = Napi::ThreadSafeFunction::New(env, nothing, "hearth", /*maxQueueSize=*/0, /*initialThreadCount=*/2);
  tasks_.Unref(env);  // only unanswered calls keep the process alive
}

Napi::Promise JsThread::run(WorkThread& worker, const Napi::Value& callback, Work work) {
  const uint64_t id = next_id_++;
  const bool is_called_back = callback.IsFunction();
  Call call{Napi::Promise::Deferred::New(env_), {}};
  if (is_called_back) call.callback = Napi::Persistent(callback.As<Napi::Function>());
  const auto promise = call.deferred.Promise();
  if (calls_.empty()) tasks_.Ref(env_);
  calls_.emplace(id, std::move(call));

  worker.post([self = shared_from_this(), id, is_called_back, work = std::move(work)] {
    const Emit emit = [&self, id, is_called_back](ToValue argument) {
      if (is_called_back) self->emit(id, std::move(argument));
    };
    try {
      self->settle(id, [to_value = work(emit)](Napi::Env env, Call& call) { call.deferred.Resolve(to_value(env)); });
    } catch (const Error& error) {
      self->reject(id, error);
    } catch (const std::exception& error) {
      // Without a code of ours: a library's words are for the log.
      self->reject(id, is_out_of_memory(error) ? out_of_memory() : Error("ENGINE", error.what()));
    }
  });
  return promise;
}

Napi::Promise JsThread::run(WorkThread& worker, std::function<ToValue()> work) {
  return run(worker, env_.Undefined(), [work = std::move(work)](const Emit&) { return work(); });
}

void JsThread::close() {
  closed_ = true;
  calls_.clear();
}

void JsThread::post(std::function<void(Napi::Env)> task) {
  if (closed_) return;
  auto* const owned = new std::function<void(Napi::Env)>(std::move(task));
  const auto status =
      tasks_.BlockingCall(owned, [](Napi::Env env, Napi::Function, std::function<void(Napi::Env)>* raw) {
        const std::unique_ptr<std::function<void(Napi::Env)>> task(raw);
        if (env != nullptr) run_or_throw(env, *task);
      });
  if (status == napi_ok) return;
  // The environment is closing: nobody waits for an answer, and the function must not be called again.
  closed_ = true;
  delete owned;
}

void JsThread::emit(uint64_t id, ToValue argument) {
  post([this, id, argument = std::move(argument)](Napi::Env env) {
    const auto found = calls_.find(id);
    if (found != calls_.end()) found->second.callback.Call({argument(env)});
  });
}

void JsThread::settle(uint64_t id, const std::function<void(Napi::Env, Call&)>& how) {
  post([this, id, how](Napi::Env env) {
    const auto found = calls_.find(id);
    how(env, found->second);
    calls_.erase(found);
    if (calls_.empty()) tasks_.Unref(env);
  });
}

void JsThread::reject(uint64_t id, const Error& error) {
  settle(id, [error](Napi::Env env, Call& call) { call.deferred.Reject(to_js_error(env, error).Value()); });
}

}  // namespace hearth::addon
