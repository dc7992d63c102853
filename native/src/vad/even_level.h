#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hearth::vad {

/// Samples for the network, whose result depends on their absolute level: without the offset that some sound cards add,
/// and louder if a recording is quiet throughout. Samples of an ordinary recording do not change.
class EvenLevel {
 public:
  /// `heard_level` is that of the sound before the samples.
  explicit EvenLevel(std::span<const int16_t> samples, float heard_level = 0);

  /// From -1 to 1 if nothing is amplified; 0 outside the recording.
  float at(int64_t index) const;
  float gain() const { return gain_; }
  /// Of the loudest second so far; a click does not count.
  float level() const { return level_; }

 private:
  float offset_at(int64_t index) const;

  std::span<const int16_t> samples_;
  std::vector<float> offsets_;  ///< mean of each second; empty where none matters
  float level_;
  float gain_ = 1;
};

}  // namespace hearth::vad
