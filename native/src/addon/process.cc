#include "process.h"

#include <chrono>
#include <cstdlib>
#include <string>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "../audio/audio.h"
#include "../cancellation.h"
#include "../kernels/kernels.h"
#include "../whisper/compiled.h"
#include "../whisper/device_memory.h"
#include "arguments.h"
#include "environment.h"
#include "js_error.h"
#include "mlx/device.h"
#include "mlx/memory.h"
#include "mlx/version.h"
#include "process_end.h"
#include "work_thread.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

/// configure({ threads, cacheLimitBytes, compile }): before any other work.
Napi::Value configure(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const int threads = read_int(options.Get("threads"));
  const auto cache_limit = static_cast<size_t>(options.Get("cacheLimitBytes").ToNumber().Int64Value());
  // MLX's compilation on a CPU would call a C++ compiler at run time, and gains nothing.
  const bool compiles = options.Get("compile").ToBoolean() && mx::is_available(mx::Device::gpu);
  engine_thread().post([threads, cache_limit, compiles] {
    kernels::set_thread_count(threads);
    mx::set_cache_limit(cache_limit);
    whisper::set_compilation(compiles);
  });
  return info.Env().Undefined();
}

Napi::Value describe(const Napi::CallbackInfo& info) {
  auto object = Napi::Object::New(info.Env());
  const auto sndfile = audio::sndfile_version();
  object.Set("mlxVersion", mx::version());
  object.Set("sndfileVersion",
             sndfile.empty() ? info.Env().Null() : Napi::Value(Napi::String::New(info.Env(), sndfile)));
  object.Set("instructionSet", std::string(kernels::instruction_set()));
  object.Set("hasInt8Arithmetic", kernels::has_int8_arithmetic());
  object.Set("gpuAvailable", mx::is_available(mx::Device::gpu));
  object.Set("gpuName", whisper::device_name());
  object.Set("gpuMemoryBytes", static_cast<double>(whisper::device_memory_bytes()));
  return object;
}

Napi::Value memory(const Napi::CallbackInfo& info) {
  return make_numbers(info.Env(), {{"activeBytes", static_cast<double>(mx::get_active_memory())},
                                   {"cacheBytes", static_cast<double>(mx::get_cache_memory())},
                                   {"peakBytes", static_cast<double>(mx::get_peak_memory())}});
}

Napi::Value clear_cache(const Napi::CallbackInfo& info) {
  return environment(info.Env()).js_thread->run(engine_thread(), []() -> ToValue {
    release_unused_memory();
    return [](Napi::Env env) { return env.Undefined(); };
  });
}

Napi::Value work_progress(const Napi::CallbackInfo& info) {
  auto object = make_numbers(info.Env(), {{"steps", static_cast<double>(work_steps.load(std::memory_order_relaxed))}});
  object.Set("isWorking", engine_thread().is_working() || audio_thread(scheduler::Priority::interactive).is_working() ||
                              audio_thread(scheduler::Priority::bulk).is_working());
  return object;
}

Napi::Value end_all_work(const Napi::CallbackInfo& info) {
  end_work();
  return info.Env().Undefined();
}

std::chrono::milliseconds milliseconds_of(const Napi::CallbackInfo& info) {
  return std::chrono::milliseconds(info[0].As<Napi::Number>().Int64Value());
}

Napi::Value end_process_within(const Napi::CallbackInfo& info) {
  end_within(milliseconds_of(info));
  return info.Env().Undefined();
}

Napi::Value end_process_with_parent(const Napi::CallbackInfo& info) {
  end_with_parent(milliseconds_of(info));
  return info.Env().Undefined();
}

}  // namespace

void add_process_functions(Napi::Object& exports) {
  add_function<configure>(exports, "configure");
  add_function<describe>(exports, "info");
  add_function<memory>(exports, "memory");
  add_function<clear_cache>(exports, "clearCache");
  add_function<work_progress>(exports, "workProgress");
  add_function<end_all_work>(exports, "endWork");
  add_function<end_process_within>(exports, "endWithin");
  add_function<end_process_with_parent>(exports, "endWithParent");
}

void release_unused_memory() {
  mx::clear_cache();
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace hearth::addon
