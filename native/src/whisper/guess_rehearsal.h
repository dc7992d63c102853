#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "../cancellation.h"
#include "model.h"
#include "sampled_text.h"

namespace hearth::whisper {

/// Decodes texts with a set number of guesses at a time, by turns right and wrong. So every shape of them is met, and
/// what they take is timed. While one is alive nothing else is guessed.
class GuessRehearsal {
 public:
  /// `make_text` makes the same text each time, for so many tokens, which it does not end before.
  using MakeText = std::function<std::shared_ptr<SampledText>(int tokens)>;

  /// The model has a smaller one.
  GuessRehearsal(Model& model, MakeText make_text);
  GuessRehearsal(const GuessRehearsal&) = delete;
  GuessRehearsal& operator=(const GuessRehearsal&) = delete;
  ~GuessRehearsal();

  void without_guesses(const Cancellation& cancellation);
  /// After `without_guesses`.
  void with_guesses(int length, const Cancellation& cancellation);
  /// What was timed so far does not count.
  void begin_again();

 private:
  std::vector<int> decode(int tokens, const Cancellation& cancellation);

  Model& model_;
  MakeText make_text_;
  std::vector<int> answer_;
};

}  // namespace hearth::whisper
