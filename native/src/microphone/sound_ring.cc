#include "sound_ring.h"

#include <algorithm>
#include <cstring>

namespace hearth::microphone {

void SoundRing::put(const uint8_t* sound, size_t bytes) {
  const uint64_t end = put_bytes_.load(std::memory_order_relaxed);
  const uint64_t waiting = end - dropped_bytes_.load(std::memory_order_acquire);
  if (waiting + bytes > kCapacity) {
    lost_bytes_ += bytes;
    return;
  }
  const size_t at = end % kCapacity;
  const size_t before_end = std::min(bytes, kCapacity - at);
  std::memcpy(sound_.data() + at, sound, before_end);
  std::memcpy(sound_.data(), sound + before_end, bytes - before_end);
  put_bytes_.store(end + bytes, std::memory_order_release);
}

const uint8_t* SoundRing::next(size_t& bytes) const {
  const uint64_t begin = dropped_bytes_.load(std::memory_order_relaxed);
  const size_t waiting = static_cast<size_t>(put_bytes_.load(std::memory_order_acquire) - begin);
  const size_t at = begin % kCapacity;
  bytes = std::min(waiting, kCapacity - at);
  return sound_.data() + at;
}

void SoundRing::drop(size_t bytes) { dropped_bytes_.fetch_add(bytes, std::memory_order_release); }

}  // namespace hearth::microphone
