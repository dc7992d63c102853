#pragma once

#include <optional>
#include <span>
#include <vector>

#include "../cancellation.h"
#include "logit_filters.h"
#include "model.h"

namespace hearth::whisper {

/// What a text starts from. Texts with the same prompt that begin together share one reading of it.
struct Prompt {
  EncodingPointer encoding;  ///< of the window that it is about
  std::vector<int> tokens;
  int sot_index;         ///< in `tokens`, where the no-speech probability is read
  int speech_until = 0;  ///< a timestamp token, before which a text that has begun does not end

  bool operator==(const Prompt&) const = default;
};

/// The rules that a text follows.
struct DecodingRules {
  LogitFilters filters;
  int end_of_text = 0;
  std::optional<int> no_speech;
  int max_tokens = 0;  ///< OpenAI's sample_len
};

/// Of all drafts of a text, tokens read and tokens that were its own.
struct DraftCount {
  int64_t read = 0;
  int64_t accepted = 0;
};

/// A text on its way, or several that may become it: its rows in a DecodeBatch.
class Text {
 public:
  Text(Prompt prompt, DecodingRules rules, int text_context)
      : prompt_(std::move(prompt)), rules_(std::move(rules)), text_context_(text_context) {}
  virtual ~Text() = default;

  const Prompt& prompt() const { return prompt_; }
  /// At most.
  virtual int rows() const { return 1; }
  /// Of the answer.
  virtual size_t token_count() const = 0;
  const DecodingRules& rules() const { return rules_; }

  /// Tokens that somebody guessed to come next. They are read together with what comes before them; the answer is the
  /// one without them. Only a text of one row has any.
  virtual std::span<const int> draft() const { return {}; }
  /// How many tokens of the draft that it read last were the text's own.
  virtual int accepted() const { return 0; }
  virtual DraftCount draft_count() const { return {}; }

  /// Logits at the start of transcript, and after the prompt and each token of the draft, which it may change. How many
  /// rows it goes on with.
  virtual int begin(std::span<const float> at_start, std::span<const std::span<float>> after) = 0;
  /// For each row the token that it reads next, and the text's length with it.
  virtual void append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const = 0;
  /// Logits after those tokens, a span for each row, or one after its token and each of the draft; it may change them.
  /// Its rows become copies of the rows that it gives; none when it has ended.
  virtual std::vector<int> advance(std::span<const std::span<float>> logits) = 0;

 protected:
  const Prompt prompt_;
  const DecodingRules rules_;
  const int text_context_;
};

}  // namespace hearth::whisper
