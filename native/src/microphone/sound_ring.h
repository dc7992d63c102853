#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hearth::microphone {

/// Sound on its way from the thread that records to the one that writes. Holds 65 s of 16 kHz in 16 bits. A piece that
/// does not fit is lost, and counted.
class SoundRing {
 public:
  /// Recording thread only.
  void put(const uint8_t* sound, size_t bytes);
  /// Writing thread only: the sound that follows in one piece, and its bytes; 0 for none. It stays until `drop`.
  const uint8_t* next(size_t& bytes) const;
  void drop(size_t bytes);
  uint64_t lost_bytes() const { return lost_bytes_; }

 private:
  static constexpr size_t kCapacity = 1 << 21;

  std::vector<uint8_t> sound_ = std::vector<uint8_t>(kCapacity);
  std::atomic<uint64_t> put_bytes_ = 0;
  std::atomic<uint64_t> dropped_bytes_ = 0;
  std::atomic<uint64_t> lost_bytes_ = 0;
};

}  // namespace hearth::microphone
