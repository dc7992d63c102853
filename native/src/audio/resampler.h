#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hearth::audio {

/// Mono resampler: a Kaiser-windowed sinc (32 zero crossings, beta 9, roll-off 0.945) in polyphase form, from stream to
/// stream. Output sample i is at time i / target_rate, and n samples give ceil(n * target / source). The sizes of the
/// input pieces do not change the result.
class Resampler {
 public:
  Resampler(int source_rate, int target_rate);

  /// Appends to `out` the output determined by the samples so far.
  void push(const float* samples, size_t count, std::vector<float>& out);
  /// Appends the rest, as if followed by silence.
  void finish(std::vector<float>& out);

 private:
  float sample_at(size_t first, int64_t fraction) const;

  int64_t step_;  // output i lies at source position i * step_ / denominator_, in lowest terms
  int64_t denominator_;
  int half_taps_;
  int table_phases_;
  std::vector<float> table_;  // [table_phases_ + 1][2 * half_taps_]

  std::vector<float> history_;  // begins with the half_taps_ - 1 zeros before the first sample
  int64_t history_start_;       // source index of history_[0]
  int64_t received_ = 0;
  int64_t produced_ = 0;
  int64_t next_whole_ = 0;  // the next output lies at next_whole_ + next_fraction_ / denominator_
  int64_t next_fraction_ = 0;
};

}  // namespace hearth::audio
