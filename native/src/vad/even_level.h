#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hearth::vad {

/// How loud a recording is, and where it is off zero, second by second.
class LevelMeter {
 public:
  static constexpr int64_t kSecond = 16'000;  ///< in samples

  /// `heard_level` is that of the sound before.
  explicit LevelMeter(float heard_level = 0) : level_(heard_level) {}

  /// A whole second, or what is left at the end.
  void add(std::span<const int16_t> second);
  int64_t sample_count() const { return sample_count_; }
  /// The mean of each second.
  const std::vector<float>& offsets() const { return offsets_; }
  /// Whether one of them may hide speech.
  bool has_offset() const { return has_offset_; }
  /// Of the loudest second so far; a click does not count.
  float level() const { return level_; }
  /// Whether nothing is to be amplified.
  bool is_loud() const;

 private:
  int64_t sample_count_ = 0;
  std::vector<float> offsets_;
  bool has_offset_ = false;
  float level_;
};

/// Samples for the network, whose result depends on their absolute level: without the offset that some sound cards add,
/// and louder if a recording is quiet throughout. Samples of an ordinary recording do not change.
class EvenLevel {
 public:
  /// `heard_level` is that of the sound before the samples.
  explicit EvenLevel(std::span<const int16_t> samples, float heard_level = 0);
  /// Those of a loud recording without an offset.
  static EvenLevel as_they_are(std::span<const int16_t> samples);

  /// From -1 to 1 if nothing is amplified; 0 outside the recording.
  float at(int64_t index) const;
  float gain() const { return gain_; }
  /// Of the loudest second so far; a click does not count.
  float level() const { return level_; }

 private:
  EvenLevel() = default;
  float offset_at(int64_t index) const;

  std::span<const int16_t> samples_;
  std::vector<float> offsets_;  ///< mean of each second; empty where none matters
  float level_ = 0;
  float gain_ = 1;
};

}  // namespace hearth::vad
