#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "environment.h"
#include "js_error.h"
#include "work_thread.h"

namespace hearth::addon {

/// A class of JavaScript whose objects share something of the engine with the work that uses it. Their share is
/// released on the engine thread, by `close` or when they are collected. `Self::kName` is the class's name.
template <typename Self, typename Held>
class SharedObject : public Napi::ObjectWrap<Self> {
 public:
  using Method = Napi::Value (Self::*)(const Napi::CallbackInfo&);
  using Properties = std::vector<typename Napi::ObjectWrap<Self>::PropertyDescriptor>;

  explicit SharedObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Self>(info) {
    if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "Expected the engine to make this object.");
    held_ = *info[0].As<Napi::External<std::shared_ptr<Held>>>().Data();
  }

  ~SharedObject() override { release(); }

  /// Once in each environment, before `make`.
  static void define(Napi::Env env, Properties properties) {
    properties.push_back(thrower<&SharedObject::close>("close"));
    environment(env).classes[Self::kName] = Napi::Persistent(Self::DefineClass(env, Self::kName, properties));
  }

  static Napi::Object make(Napi::Env env, std::shared_ptr<Held> held) {
    return class_of(env).New({Napi::External<std::shared_ptr<Held>>::New(env, &held)});
  }

  /// What a value of this class holds. Throws INTERNAL for another value, and for one that was closed.
  static std::shared_ptr<Held> open(const Napi::Value& value) {
    Self* own = nullptr;
    const bool is_own = value.IsObject() && value.As<Napi::Object>().InstanceOf(class_of(value.Env()).Value()) &&
                        napi_unwrap(value.Env(), value, reinterpret_cast<void**>(&own)) == napi_ok;
    if (!is_own)
      throw Error("INTERNAL", std::string("Expected an object of class ") + Self::kName + ", got another value.");
    return own->held();
  }

 protected:
  /// A method that returns its result. What it throws is thrown.
  template <auto method>
  static auto thrower(const char* name) {
    return Self::InstanceMethod(name, static_cast<Method>(&SharedObject::template call_throwing<method>),
                                napi_default_method);
  }

  /// A method that returns a promise. What it throws rejects it.
  template <auto method>
  static auto promiser(const char* name) {
    return Self::InstanceMethod(name, static_cast<Method>(&SharedObject::template call_rejecting<method>),
                                napi_default_method);
  }

  /// A property that is computed. What it throws is thrown.
  template <auto method>
  static auto getter(const char* name) {
    return Self::InstanceAccessor(name, static_cast<Method>(&SharedObject::template call_throwing<method>), nullptr);
  }

  std::shared_ptr<Held> held() const {
    if (!held_) throw Error("INTERNAL", std::string("Expected an open ") + Self::kName + ", got one that was closed.");
    return held_;
  }

 private:
  static Napi::FunctionReference& class_of(Napi::Env env) { return environment(env).classes.at(Self::kName); }

  template <auto method>
  Napi::Value call_throwing(const Napi::CallbackInfo& info) {
    return throwing(info.Env(), [&] { return (static_cast<Self*>(this)->*method)(info); });
  }

  template <auto method>
  Napi::Value call_rejecting(const Napi::CallbackInfo& info) {
    return rejecting(info.Env(), [&] { return (static_cast<Self*>(this)->*method)(info); });
  }

  Napi::Value close(const Napi::CallbackInfo& info) {
    // Work on what nobody wants any more ends.
    if constexpr (requires(Held& held) { held.leave(); }) {
      if (held_) held_->leave();
    }
    release();
    return info.Env().Undefined();
  }

  void release() {
    if (held_) engine_thread().post([last = std::exchange(held_, nullptr)]() mutable { last.reset(); });
  }

  std::shared_ptr<Held> held_;
};

}  // namespace hearth::addon
