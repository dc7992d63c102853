#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hearth::vad {

/// Samples as the network hears them, whose answer depends on their absolute level: without the offset that some sound
/// cards add, and where a recording is quiet throughout, louder. An ordinary recording keeps every sample as it is.
class EvenLevel {
 public:
  explicit EvenLevel(std::span<const int16_t> samples);

  /// From -1 to 1 where nothing is made louder; 0 outside the recording.
  float at(int64_t index) const;
  float gain() const { return gain_; }

 private:
  float offset_at(int64_t index) const;

  std::span<const int16_t> samples_;
  std::vector<float> offsets_;  ///< mean of each second; empty where none matters
  float gain_ = 1;
};

}  // namespace hearth::vad
