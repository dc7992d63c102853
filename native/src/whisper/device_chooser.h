#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model.h"
#include "sampled_text.h"
#include "token_chooser.h"

namespace hearth::whisper {

/// Chooses the next tokens of several texts in MLX's graph. Texts that are filtered alike choose together.
class DeviceChooser {
 public:
  explicit DeviceChooser(Model& model) : model_(model) {}

  /// The rows as they are after these tokens, at least one each.
  SampledRows rows_after(std::span<const std::shared_ptr<SampledText>> texts,
                         const std::vector<std::vector<int>>& tokens) const;

  /// `logits` [rows, vocabulary]; a row's text may be null, and then its choice is in vain. `counts` are how many
  /// tokens each row has, which come before the one that is chosen.
  TokenChooser::Choice choose(const mlx::core::array& logits, std::span<const std::shared_ptr<SampledText>> texts,
                              const SampledRows& rows, const std::vector<int>& counts);
  /// The first tokens of greedy texts, from logits [rows, vocabulary].
  TokenChooser::First choose_first(const mlx::core::array& logits,
                                   std::span<const std::shared_ptr<SampledText>> texts);

 private:
  /// Rows whose texts are filtered alike.
  struct AlikeRows {
    const DecodingRules* rules;
    std::vector<int> rows;
  };

  std::vector<AlikeRows> alike(std::span<const std::shared_ptr<SampledText>> texts) const;
  TokenChooser::Choice choose_alike(const AlikeRows& group, const mlx::core::array& logits, const SampledRows& rows,
                                    const mlx::core::array& speech_until, const std::optional<mlx::core::array>& noise);

  mlx::core::array column_of(const std::vector<int>& values);

  Model& model_;
  std::vector<int> in_column_;
  std::optional<mlx::core::array> column_;
};

}  // namespace hearth::whisper
