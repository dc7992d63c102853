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

JsThread::Call JsThread::begin(const Napi::Value& callback) {
  const uint64_t id = next_id_++;
  const bool is_called_back = callback.IsFunction();
  Unsettled call{Napi::Promise::Deferred::New(env_), {}};
  if (is_called_back) call.callback = Napi::Persistent(callback.As<Napi::Function>());
  const auto promise = call.deferred.Promise();
  if (calls_.empty()) tasks_.Ref(env_);
  calls_.emplace(id, std::move(call));
  return {promise, {shared_from_this(), id, is_called_back}};
}

Napi::Promise JsThread::run(WorkThread& worker, const Napi::Value& callback, Work work) {
  const auto [promise, pending] = begin(callback);
  worker.post([pending = pending, work = std::move(work)] {
    try {
      pending.resolve(work(pending));
    } catch (const std::exception& failure) {
      pending.reject(to_error(failure));
    }
  });
  return promise;
}

Napi::Promise JsThread::run(WorkThread& worker, std::function<ToValue()> work) {
  return run(worker, env_.Undefined(), [work = std::move(work)](const Pending&) { return work(); });
}

void JsThread::Pending::resolve(ToValue value) const {
  js_thread->settle(id,
                    [value = std::move(value)](Napi::Env env, Unsettled& call) { call.deferred.Resolve(value(env)); });
}

void JsThread::Pending::reject(const Error& error) const {
  js_thread->settle(id,
                    [error](Napi::Env env, Unsettled& call) { call.deferred.Reject(to_js_error(env, error).Value()); });
}

void JsThread::Pending::emit(ToValue argument) const {
  if (!is_called_back) return;
  js_thread->post([&calls = js_thread->calls_, own = id, argument = std::move(argument)](Napi::Env env) {
    const auto found = calls.find(own);
    if (found != calls.end()) found->second.callback.Call({argument(env)});
  });
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

void JsThread::settle(uint64_t id, const std::function<void(Napi::Env, Unsettled&)>& how) {
  post([this, id, how](Napi::Env env) {
    const auto found = calls_.find(id);
    if (found == calls_.end()) return;
    how(env, found->second);
    calls_.erase(found);
    if (calls_.empty()) tasks_.Unref(env);
  });
}

}  // namespace hearth::addon
