#pragma once

#include <memory>

#include "draft_costs.h"

namespace hearth::whisper {

/// How guesses for the texts of one session went.
struct GuessRecord {
  bool has_begun = false;  ///< with what others had learned
  double right = 0;
  double looked_at = 0;
  int tokens_since = 0;  ///< that were taken without a guess
  int pause = 24;        ///< so many of them, and a guess may be worth its time again
};

/// How guesses for all sessions of a model went: what a new session begins with.
class GuessExperience {
 public:
  void begin(GuessRecord& record) const;
  void learn(int guessed, int accepted);

 private:
  // Guesses are mostly right, or nobody would have chosen this model for them.
  double right_ = 4;
  double looked_at_ = 5;
};

/// How many tokens of a text are worth guessing: many while the guesses are right, none for a while when they are wrong
/// so often, or take so long, that they take more time than they save.
class DraftLength {
 public:
  static constexpr int kMost = DraftCosts::kMostGuesses;

  DraftLength(std::shared_ptr<GuessRecord> record, GuessExperience& experience);

  /// For a text that has so many tokens.
  int next(int tokens, const DraftCosts& costs);
  void learn(int tokens, int guessed, int accepted);

 private:
  template <typename Runs>
  int best(const Runs& runs) const;
  int try_again(const DraftCosts& costs);

  std::shared_ptr<GuessRecord> record_;
  GuessExperience* experience_;
  int tokens_ = 1;  ///< of the text when it was last looked at; the first is not guessed
  bool doubts_costs_ = false;  ///< what was timed alone speaks against guesses
};

}  // namespace hearth::whisper
