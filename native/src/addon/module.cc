#include <napi.h>

#include <cstdlib>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "../audio/audio.h"
#include "../cancellation.h"
#include "../kernels/kernels.h"
#include "../whisper/mlx_defaults.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"
#include "mlx/device.h"
#include "mlx/memory.h"
#include "mlx/version.h"
#include "process_end.h"
#include "work_thread.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

Napi::Value info_of_process(const Napi::CallbackInfo& info) {
  auto object = Napi::Object::New(info.Env());
  const auto sndfile = audio::sndfile_version();
  object.Set("mlxVersion", mx::version());
  object.Set("sndfileVersion",
             sndfile.empty() ? info.Env().Null() : Napi::Value(Napi::String::New(info.Env(), sndfile)));
  object.Set("instructionSet", std::string(kernels::instruction_set()));
  object.Set("hasInt8Arithmetic", kernels::has_int8_arithmetic());
  object.Set("gpuAvailable", mx::is_available(mx::Device::gpu));
  return object;
}

Napi::Value memory(const Napi::CallbackInfo& info) {
  return make_numbers(info.Env(), {{"activeBytes", static_cast<double>(mx::get_active_memory())},
                                   {"cacheBytes", static_cast<double>(mx::get_cache_memory())},
                                   {"peakBytes", static_cast<double>(mx::get_peak_memory())}});
}

Napi::Value work_progress(const Napi::CallbackInfo& info) {
  auto object = Napi::Object::New(info.Env());
  object.Set("isWorking", engine_thread().is_working() || audio_thread().is_working());
  object.Set("steps", static_cast<double>(work_steps.load(std::memory_order_relaxed)));
  return object;
}

Napi::Value create_cancellation(const Napi::CallbackInfo& info) {
  return make_handle(info.Env(), std::make_shared<Cancellation>());
}

Napi::Value cancel(const Napi::CallbackInfo& info) {
  open_handle<Cancellation>(info[0])->cancel();
  return info.Env().Undefined();
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

/// A recording's samples go back to the system as soon as they are freed. Left alone, glibc raises its threshold with
/// the first such buffer and keeps every later one in its heap. Activations are smaller and stay there for the next
/// window.
void return_large_buffers_at_once() {
#if defined(__GLIBC__)
  constexpr int kLargeBytes = 16 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

}  // namespace

void add_process_calls(Napi::Object& exports) {
  add_function(exports, "info", info_of_process);
  add_function(exports, "memory", memory);
  add_function(exports, "workProgress", work_progress);
  add_function(exports, "createCancellation", create_cancellation);
  add_function(exports, "cancel", cancel);
  add_function(exports, "endWork", end_all_work);
  add_function(exports, "endWithin", end_process_within);
  add_function(exports, "endWithParent", end_process_with_parent);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  return_large_buffers_at_once();
  whisper::set_mlx_defaults();
  js_thread(env);
  add_process_calls(exports);
  add_audio_calls(exports);
  add_model_calls(exports);
  add_decode_calls(exports);
  add_vad_calls(exports);
  return exports;
}

NODE_API_MODULE(hearth, initialize)

}  // namespace hearth::addon
