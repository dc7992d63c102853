#pragma once

#include <atomic>
#include <cstdint>

#include "audio_queue_api.h"
#include "sound_ring.h"

namespace hearth::microphone {

inline constexpr uint32_t kRate = 16000;
inline constexpr uint32_t kSampleBytes = 2;

/// Records a microphone into a ring: 16 kHz, one channel, 16 bits. Each piece wakes the writing thread.
class Microphone {
 public:
  Microphone(const AudioQueueApi& api, SoundRing& ring) : api_(api), ring_(ring) {}
  ~Microphone();
  Microphone(const Microphone&) = delete;
  Microphone& operator=(const Microphone&) = delete;

  /// Throws Failure if there is no microphone, or none that this program may use. `device` as an audio queue calls it; null
  /// for the usual one.
  void start(const void* device);
  /// What was recorded before is in the ring when it returns.
  void stop();

  /// macOS gives zeros to a program that may not listen. A microphone gives noise.
  bool has_heard() const { return has_heard_; }
  uint64_t recorded_bytes() const { return recorded_bytes_; }
  /// The queue took no buffer back, so that no sound comes any more.
  bool has_failed() const { return has_failed_; }

 private:
  static void on_sound(void* self, AudioQueue queue, AudioQueueBuffer* buffer, const void*, uint32_t, const void*);
  void take(AudioQueueBuffer* buffer);

  AudioQueueApi api_;
  SoundRing& ring_;
  AudioQueue queue_ = nullptr;
  std::atomic<bool> is_stopping_ = false;
  std::atomic<bool> has_heard_ = false;
  std::atomic<bool> has_failed_ = false;
  std::atomic<uint64_t> recorded_bytes_ = 0;
};

}  // namespace hearth::microphone
