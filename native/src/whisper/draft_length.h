#pragma once

namespace hearth::whisper {

/// How many tokens of a text are worth guessing: many while the guesses are right, none for a while when they are
/// mostly wrong. From counts alone, so that the same text always takes the same runs.
class DraftLength {
 public:
  static constexpr int kMost = 8;

  /// What a guess takes, and reading it with the large model, in runs of that one.
  DraftLength(double guess_cost, double reading_cost) : guess_cost_(guess_cost), reading_cost_(reading_cost) {}

  /// For a text that has so many tokens, beside others that are guessed one after the other.
  int next(int tokens, int texts) const;
  void learn(int tokens, int guessed, int accepted);

 private:
  int best(int texts) const;

  double guess_cost_;
  double reading_cost_;
  // Guesses are mostly right, or nobody would have chosen this model for them.
  double right_ = 4;
  double looked_at_ = 5;
  int last_guess_at_ = 0;
};

}  // namespace hearth::whisper
