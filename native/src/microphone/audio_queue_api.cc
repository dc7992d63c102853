#include "audio_queue_api.h"

#include "library.h"

namespace hearth::microphone {

AudioQueueApi load_audio_queue_api(const std::string& library_path) {
  const Library library(library_path);
  AudioQueueApi api = {};
  library.find("AudioQueueNewInput", api.new_input);
  library.find("AudioQueueSetProperty", api.set_property);
  library.find("AudioQueueAllocateBuffer", api.allocate_buffer);
  library.find("AudioQueueEnqueueBuffer", api.enqueue_buffer);
  library.find("AudioQueueStart", api.start);
  library.find("AudioQueueStop", api.stop);
  library.find("AudioQueueDispose", api.dispose);
  return api;
}

}  // namespace hearth::microphone
