#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "draft_length.h"
#include "text.h"

namespace hearth::whisper {

struct SampleSettings {
  float temperature = 0;  ///< 0 is greedy
  uint64_t seed = 0;
};

/// A text that takes one token after the other (openai/whisper decoding.py GreedyDecoder).
class SampledText : public Text {
 public:
  /// `on_token` is called for every token but the end of text.
  SampledText(Prompt prompt, DecodingRules rules, int text_context, SampleSettings settings,
              std::function<void(int token)> on_token);

  /// Gives a greedy text a draft of what comes next, before its first token or between two of them. It reads of it what
  /// it may become: not the end of text nor what follows, nor more tokens than it has left. Behind a word that differs it
  /// goes on with what is left of the draft, where the text comes back to it.
  void guess(std::span<const int> draft);
  /// The same for a few tokens, which are done with when one of them differs.
  void guess_next(std::span<const int> draft);

  /// How guesses of a smaller model went, for this text and others of its session.
  const std::shared_ptr<GuessRecord>& guess_record() const { return guess_record_; }
  void remember_guesses_in(std::shared_ptr<GuessRecord> record) { guess_record_ = std::move(record); }

  std::span<const int> draft() const override { return draft_; }
  int accepted() const override { return accepted_; }
  int begin(std::span<const float> at_start, std::span<const std::span<float>> after) override;
  void append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const override;
  std::vector<int> advance(std::span<const std::span<float>> logits) override;

  /// The same as `begin` for a text without a draft, whose first token was chosen elsewhere.
  void begin_with(int token, double logprob, std::optional<float> no_speech_prob);

  size_t token_count() const override { return tokens_.size(); }

  /// The same as `advance` for a token that was chosen elsewhere, maybe before its draft was known: it is the draft's
  /// first one then, or the draft is given up.
  void add_next(int token, double logprob);
  /// And for those after its last token and each of the draft.
  std::vector<int> add_along_draft(std::span<const int> tokens, std::span<const float> logprobs);
  bool ended() const { return ended_; }
  int length() const { return static_cast<int>(prompt_.tokens.size() + tokens_.size()); }

  const SampleSettings& settings() const { return settings_; }
  const std::vector<int>& tokens() const { return tokens_; }  ///< without end of text
  double sum_logprob() const { return sum_logprob_; }         ///< with the end of text
  double no_speech_prob() const { return no_speech_prob_; }
  DraftCount draft_count() const override { return draft_count_; }

 private:
  void add(int token, double logprob);
  void choose(std::span<float> logits);
  template <typename TakeNext>
  void go_along_draft(const TakeNext& take_next);
  void come_back_to_draft();
  void read_next(std::span<const int> draft);

  const SampleSettings settings_;
  const std::function<void(int)> on_token_;
  std::mt19937_64 random_;
  std::vector<int> tokens_;
  std::vector<int> draft_;  ///< that is read next
  std::vector<int> left_;   ///< of the draft, what the text has not come to
  size_t skipped_ = 0;      ///< of that, what lies before `draft_`
  std::shared_ptr<GuessRecord> guess_record_ = std::make_shared<GuessRecord>();
  int accepted_ = 0;
  DraftCount draft_count_;
  double sum_logprob_ = 0;
  double no_speech_prob_ = 0;
  bool ended_ = false;
};

}  // namespace hearth::whisper
