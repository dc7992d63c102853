#pragma once

#include "error_feedback.h"

namespace hearth::quantize {

/// Makes rounded rows of one layer better: in turn, the grids that serve their codes best (least squares), and the
/// codes that serve the grids best, one at a time (coordinate descent).
class RowDescent {
 public:
  RowDescent(const Feedback& feedback, int group_size);

  /// `row` [inputs]: what the codes should have been.
  void improve(const float* row, const RoundedRow& rounded) const;

 private:
  struct State;

  void choose_codes(State& state, const RoundedRow& rounded) const;
  /// Whether the error became less.
  bool fit_grids(State& state, const float* row, const RoundedRow& rounded) const;
  State state_of(const float* row, const RoundedRow& rounded) const;
  const float* moments(int column) const;

  const Feedback& feedback_;
  int inputs_, group_size_, groups_;
  std::vector<float> of_groups_;   ///< [groups, inputs], the sum of each group's moments
  std::vector<double> in_groups_;  ///< [groups, groups], the sum of those in each group
};

}  // namespace hearth::quantize
