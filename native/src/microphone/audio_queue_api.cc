#include "audio_queue_api.h"

#include <dlfcn.h>

#include "failure.h"

namespace hearth::microphone {
namespace {

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) throw Failure{"RECORDER_FAILED", std::string("AudioToolbox has no ") + name + "."};
}

}  // namespace

AudioQueueApi load_audio_queue_api(const char* library_path) {
  void* library = ::dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Failure{"RECORDER_FAILED", "AudioToolbox, which macOS has, cannot be loaded."};
  AudioQueueApi api = {};
  find(library, "AudioQueueNewInput", api.new_input);
  find(library, "AudioQueueAllocateBuffer", api.allocate_buffer);
  find(library, "AudioQueueEnqueueBuffer", api.enqueue_buffer);
  find(library, "AudioQueueStart", api.start);
  find(library, "AudioQueueStop", api.stop);
  find(library, "AudioQueueDispose", api.dispose);
  return api;
}

}  // namespace hearth::microphone
