#pragma once

#include <vector>

namespace hearth::whisper {

/// The middle one of the last few values: one of a moment when the machine did something else does not count.
class RecentMedian {
 public:
  void add(double value);
  /// Enough were seen.
  bool is_known() const;
  double value() const;

 private:
  std::vector<double> values_;
  size_t oldest_ = 0;
};

/// What guessing takes, in runs of the large model's decoder: estimated at first, then timed where it is done.
class DraftCosts {
 public:
  /// The estimates: a guess of the smaller model, and reading one with the large model. Unless `are_measured` they stay.
  DraftCosts(double guess, double reading, bool are_measured)
      : guess_estimate_(guess), reading_estimate_(reading), are_measured_(are_measured) {}

  /// Whether a run without guesses has to come next, to compare with.
  bool wants_plain_run() const;
  void learn_plain_run(double seconds);
  void learn_guesses(double seconds, int count);
  /// A run that read so many guesses.
  void learn_reading(double seconds, int guesses);

  /// What was timed does not count: kernels were compiled meanwhile.
  void begin_again();

  double guess() const { return in_runs(guess_, guess_estimate_); }
  double reading() const { return in_runs(reading_, reading_estimate_); }

 private:
  double in_runs(const RecentMedian& seconds, double estimate) const;

  double guess_estimate_, reading_estimate_;
  bool are_measured_;
  RecentMedian plain_run_, guess_, reading_;
  int readings_since_plain_run_ = 0;
};

}  // namespace hearth::whisper
