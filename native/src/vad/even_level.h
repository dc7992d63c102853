#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace hearth::vad {

/// Samples for the network, whose result depends on their absolute level: without the offset that some sound cards add,
/// and louder if a recording is quiet throughout. Samples of an ordinary recording do not change. It follows sound that
/// is still coming, and what it gave once stays.
class EvenLevel {
 public:
  /// `heard_level` is that of the sound before the samples.
  explicit EvenLevel(float heard_level = 0) : level_(heard_level) {}

  /// Takes in the samples from the beginning to the end of what is there.
  void follow(std::span<const int16_t> samples, bool are_all);
  /// How many samples can be given: none while all of them are quiet, since louder ones may come.
  int64_t known_count() const;
  /// From -1 to 1 if nothing is amplified; 0 outside the recording.
  float at(int64_t index) const;
  /// Of the loudest second so far; a click does not count.
  float level() const { return level_; }

 private:
  void measure_offset(std::span<const int16_t> second);
  void measure_level(int64_t second);
  float even(int64_t index) const;
  float offset_at(int64_t index) const;

  std::span<const int16_t> samples_;
  bool are_all_ = false;
  std::vector<float> offsets_;  ///< mean of each second that was measured
  /// The first second that an offset may hide speech in: from there on it is taken away.
  int64_t first_offset_ = INT64_MAX;
  int64_t levelled_seconds_ = 0;
  float level_;
};

}  // namespace hearth::vad
