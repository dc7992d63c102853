#pragma once

#include <deque>

namespace hearth::whisper {

/// The middle one of the last few values: one of a moment when the machine did something else does not count, nor the
/// first, for which kernels may have been built.
class RecentMedian {
 public:
  void add(double value);
  /// As if the oldest one had never been seen.
  void forget_oldest();
  int count() const { return static_cast<int>(values_.size()); }
  /// Enough were seen.
  bool is_known() const;
  double value() const;

 private:
  std::deque<double> values_;
  bool is_warm_ = false;
};

}  // namespace hearth::whisper
