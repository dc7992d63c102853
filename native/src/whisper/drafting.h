#pragma once

#include <memory>
#include <span>
#include <vector>

#include "draft_length.h"
#include "drafter.h"
#include "model.h"

namespace hearth::whisper {

/// Has a model's smaller one guess what texts say next.
class Drafting {
 public:
  using Texts = std::vector<std::shared_ptr<SampledText>>;

  explicit Drafting(Model& model) : model_(model) {}

  /// Whether a guess is worth its time for one of these texts, which are greedy.
  bool is_worthwhile(const Texts& texts);
  /// Hears the windows of texts that want a guess, which are heard once. It is no part of what a round takes.
  void hear();
  /// Gives them drafts.
  void guess();
  /// Once they have read them. It took so long with the guesses.
  void learn(double seconds);
  /// The texts took a token each, without guesses.
  void learn_plain_run(double seconds);

 private:
  struct Guessed {
    std::shared_ptr<SampledText> text;
    std::unique_ptr<Drafter> drafter;
    DraftLength length;
    int wanted = 0;
    DraftCount before{};
  };

  void follow(const Texts& texts);
  DraftCosts& costs() const { return model_.smaller()->costs.at(guessed_.size() - 1); }

  Model& model_;
  std::vector<Guessed> guessed_;
};

}  // namespace hearth::whisper
