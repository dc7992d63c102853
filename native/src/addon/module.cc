#include <napi.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "../whisper/mlx_defaults.h"
#include "audio.h"
#include "encoding.h"
#include "growing_audio.h"
#include "js_error.h"
#include "model.h"
#include "process.h"
#include "quantize.h"
#include "session.h"
#include "testing.h"
#include "voice_activity.h"

namespace hearth::addon {
namespace {

/// A recording's samples go back to the system as soon as they are freed. Left alone, glibc raises its threshold with
/// the first such buffer and keeps every later one in its heap. Activations are smaller and stay there for the next
/// window. Threads share few heaps: each keeps pages of which little is in use.
void keep_little_unused_memory() {
#if defined(__GLIBC__)
  constexpr int kLargeBytes = 16 << 20;
  constexpr int kHeaps = 4;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  mallopt(M_ARENA_MAX, kHeaps);
#endif
}

}  // namespace

/// What native/addon.ts declares.
Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  keep_little_unused_memory();
  whisper::set_mlx_defaults();
  Audio::define(env);
  Encoding::define(env);
  GrowingAudio::define(env);
  Model::define(env);
  Session::define(env);
  VoiceActivity::define(env);
  add_process_functions(exports);
  add_promising_function<Audio::begin_file>(exports, "beginAudio");
  add_promising_function<Audio::open_channels>(exports, "openChannels");
  add_function<GrowingAudio::begin>(exports, "growAudio");
  add_promising_function<Model::load>(exports, "loadModel");
  add_promising_function<quantize_model>(exports, "quantizeModel");
  add_promising_function<VoiceActivity::load>(exports, "loadVoiceActivity");
  exports.Set("testing", make_testing(env));
  return exports;
}

NODE_API_MODULE(hearth, initialize)

}  // namespace hearth::addon
