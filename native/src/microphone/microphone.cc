#include "microphone.h"

#include <algorithm>

#include "failure.h"
#include "wake.h"

namespace hearth::microphone {
namespace {

/// 50 ms: the text can keep up with the voice.
constexpr uint32_t kBufferBytes = kRate / 20 * kSampleBytes;
constexpr int kBuffers = 6;

void require(Status status, const char* function) {
  if (status == 0) return;
  const std::string answer = std::string(" (") + function + " answered " + std::to_string(status) + ")";
  if (status == kPermissions) throw Failure{"RECORDER_FAILED", "macOS does not permit the microphone" + answer + "."};
  if (status == kInvalidDevice || status == kCannotStart) {
    throw Failure{"RECORDER_FAILED", "There is no microphone that can be used" + answer + "."};
  }
  throw Failure{"RECORDER_FAILED", "The microphone cannot be recorded" + answer + "."};
}

}  // namespace

void Microphone::start(const void* device) {
  AudioStreamBasicDescription format = {};
  format.sample_rate = kRate;
  format.format_id = kLinearPcm;
  format.format_flags = kSignedInteger | kPacked;
  format.bytes_per_packet = kSampleBytes;
  format.frames_per_packet = 1;
  format.bytes_per_frame = kSampleBytes;
  format.channels_per_frame = 1;
  format.bits_per_channel = 8 * kSampleBytes;
  // Without a run loop the queue calls back on a thread of its own.
  require(api_.new_input(&format, on_sound, this, nullptr, nullptr, 0, &queue_), "AudioQueueNewInput");
  if (device != nullptr) {
    require(api_.set_property(queue_, kCurrentDevice, &device, sizeof(device)), "AudioQueueSetProperty");
  }
  for (int count = 0; count < kBuffers; ++count) {
    AudioQueueBuffer* buffer = nullptr;
    require(api_.allocate_buffer(queue_, kBufferBytes, &buffer), "AudioQueueAllocateBuffer");
    require(api_.enqueue_buffer(queue_, buffer, 0, nullptr), "AudioQueueEnqueueBuffer");
  }
  require(api_.start(queue_, nullptr), "AudioQueueStart");
}

void Microphone::stop() {
  is_stopping_ = true;
  api_.stop(queue_, true);
}

Microphone::~Microphone() {
  if (queue_ == nullptr) return;
  is_stopping_ = true;
  api_.dispose(queue_, true);
}

void Microphone::on_sound(void* self, AudioQueue, AudioQueueBuffer* buffer, const void*, uint32_t, const void*) {
  static_cast<Microphone*>(self)->take(buffer);
}

void Microphone::take(AudioQueueBuffer* buffer) {
  const auto* sound = static_cast<const uint8_t*>(buffer->sound);
  const uint32_t bytes = buffer->sound_bytes;
  if (!has_heard_) has_heard_ = std::any_of(sound, sound + bytes, [](uint8_t byte) { return byte != 0; });
  ring_.put(sound, bytes);
  recorded_bytes_ += bytes;
  if (!is_stopping_ && api_.enqueue_buffer(queue_, buffer, 0, nullptr) != 0 && !is_stopping_) has_failed_ = true;
  wake();
}

}  // namespace hearth::microphone
