#include "js_thread.h"

#include <memory>
#include <string>
#include <utility>

#include "../memory.h"

namespace hearth::addon {
namespace {

Napi::Value make_error(Napi::Env env, const Error& failure) {
  auto error = Napi::Error::New(env, failure.what());
  error.Set("code", Napi::String::New(env, failure.code()));
  if (!failure.format().empty()) error.Set("format", Napi::String::New(env, failure.format()));
  return error.Value();
}

/// What a callback throws is an uncaught exception, as from any other callback of Node's.
void run_or_throw(Napi::Env env, const std::function<void(Napi::Env)>& task) {
  const Napi::HandleScope scope(env);
  try {
    task(env);
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());
  }
}

/// Shared with work that may outlive the environment.
using Instance = std::shared_ptr<JsThread>;

void end_instance(Napi::Env, Instance* instance) {
  (*instance)->close();
  delete instance;
}

}  // namespace

JsThread::JsThread(Napi::Env env) : env_(env) {
  const auto nothing = Napi::Function::New(env, [](const Napi::CallbackInfo&) {});
  tasks_ = Napi::ThreadSafeFunction::New(env, nothing, "hearth", /*maxQueueSize=*/0, /*initialThreadCount=*/2);
  tasks_.Unref(env);  // only unanswered calls keep the process alive
}

Napi::Promise JsThread::run(WorkThread& worker, Work work, const std::vector<Napi::Value>& kept,
                            const std::vector<Napi::Value>& callbacks) {
  const uint64_t id = next_id_++;
  Call call{Napi::Promise::Deferred::New(env_), {}, {}};
  for (const auto& value : kept) call.kept.push_back(Napi::Reference<Napi::Value>::New(value, 1));
  for (const auto& callback : callbacks) {
    call.callbacks.push_back(callback.IsFunction() ? Napi::Persistent(callback.As<Napi::Function>())
                                                   : Napi::FunctionReference());
  }
  const auto promise = call.deferred.Promise();
  if (calls_.empty()) tasks_.Ref(env_);
  calls_.emplace(id, std::move(call));

  worker.post([self = shared_from_this(), id, work = std::move(work)] {
    const Emit emit = [&self, id](size_t callback, ToValue argument) {
      self->post([&calls = self->calls_, id, callback, argument = std::move(argument)](Napi::Env env) {
        const auto found = calls.find(id);
        if (found == calls.end() || found->second.callbacks[callback].IsEmpty()) return;
        found->second.callbacks[callback].Call({argument(env)});
      });
    };
    try {
      self->settle(id, [to_value = work(emit)](Napi::Env env, Call& call) { call.deferred.Resolve(to_value(env)); });
    } catch (const Error& error) {
      self->reject(id, error);
    } catch (const std::exception& error) {
      self->reject(id, is_out_of_memory(error)
                           ? out_of_memory()
                           : Error("INTERNAL", std::string("The engine failed: ") + error.what()));
    }
  });
  return promise;
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

void JsThread::settle(uint64_t id, const std::function<void(Napi::Env, Call&)>& how) {
  post([this, id, how](Napi::Env env) {
    const auto found = calls_.find(id);
    how(env, found->second);
    calls_.erase(found);
    if (calls_.empty()) tasks_.Unref(env);
  });
}

void JsThread::reject(uint64_t id, const Error& error) {
  settle(id, [error](Napi::Env env, Call& call) { call.deferred.Reject(make_error(env, error)); });
}

JsThread& js_thread(Napi::Env env) {
  if (auto* const instance = env.GetInstanceData<Instance>()) return **instance;
  auto* const instance = new Instance(std::make_shared<JsThread>(env));
  env.SetInstanceData<Instance, end_instance>(instance);
  return **instance;
}

}  // namespace hearth::addon
