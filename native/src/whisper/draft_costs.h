#pragma once

#include <array>
#include <cstddef>

#include "recent_median.h"

namespace hearth::whisper {

/// With more texts the device is busy with their rows, and guesses for one after the other take too long. Not measured:
/// on the device that was, guessing does not pay for a single text either.
inline constexpr size_t kMostGuessedTexts = 4;

/// What guessing takes, in runs of the large model's decoder: estimated at first, then timed where it is done. A round
/// guesses some tokens and reads them. What it takes whatever their number is more than a run's time: the host
/// prepares a run while the one before it is on its way, but cannot prepare to read what is not guessed yet.
class DraftCosts {
 public:
  static constexpr int kMostGuesses = 8;

  /// The estimates: a guess of the smaller model, and reading one with the large model. Unless `are_measured` they stay.
  DraftCosts(double guess, double reading, bool are_measured)
      : each_estimate_(guess + reading), are_measured_(are_measured) {}

  /// Whether a run without guesses has to come next, to compare with.
  bool wants_plain_run() const;
  void learn_plain_run(double seconds);
  void learn_round(double seconds, int guesses);

  /// What was timed does not count: kernels were compiled meanwhile.
  void begin_again();

  /// What a round takes that has so many guesses.
  double runs(int guesses) const;
  /// As it was estimated before anything was timed.
  double estimated_runs(int guesses) const { return 1 + guesses * each_estimate_; }

 private:
  bool is_timed(int guesses) const;
  double timed(int guesses) const;
  double on_line(int guesses) const;

  double each_estimate_;
  bool are_measured_;
  RecentMedian plain_run_;
  std::array<RecentMedian, kMostGuesses + 1> rounds_;  ///< by their guesses
  int rounds_since_plain_run_ = 0;
};

}  // namespace hearth::whisper
