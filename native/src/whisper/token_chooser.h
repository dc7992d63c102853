#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "compiled.h"
#include "logit_filters.h"
#include "mlx/array.h"

namespace hearth::whisper {

/// What the timestamp rules need of the tokens that some rows have sampled, on the device: [rows, 1] each.
struct SampledRows {
  mlx::core::array token;             ///< int32, the last one
  mlx::core::array last_is_time;      ///< bool, whether it is a timestamp
  mlx::core::array previous_is_time;  ///< bool, whether the one before it is; true when there is none
  mlx::core::array last_time;         ///< int32, the last timestamp token; -1 when there is none
};

/// The rows as they are after these tokens.
SampledRows sampled_rows(const std::vector<std::vector<int>>& tokens, int timestamp_begin);
/// Copies of these rows.
SampledRows select(const SampledRows& rows, const mlx::core::array& indices);

/// Filters and chooses tokens as nodes of MLX's graph (openai/whisper decoding.py LogitFilter, GreedyDecoder). Those that
/// follow a text's first are compiled for each count of rows.
class TokenChooser {
 public:
  /// For a vocabulary of this size and filters that differ at most in what they suppress everywhere.
  TokenChooser(const LogitFilters& filters, int end_of_text, int vocabulary_size);
  bool fits(const LogitFilters& filters, int end_of_text) const;

  struct Choice {
    SampledRows rows;
    mlx::core::array logprob;  ///< float32 [rows, 1], of the tokens chosen
  };
  /// `logits` [rows, vocabulary]; `filters` that fit; `speech_until`, int32 [rows, 1], as in Prompt. `noise`, float32 of the logits' shape,
  /// is added before the largest is taken: Gumbel noise times a row's temperature samples from its distribution.
  Choice choose(const mlx::core::array& logits, const SampledRows& rows, const LogitFilters& filters,
                const mlx::core::array& speech_until, const std::optional<mlx::core::array>& noise);
  /// A text's first token, the likeliest, of logits [rows, vocabulary].
  struct First {
    mlx::core::array token;    ///< int32 [rows, 1]
    mlx::core::array logprob;  ///< float32 [rows, 1]
  };
  First choose_first(const mlx::core::array& logits, const LogitFilters& filters);

 private:
  enum class Place { first, later };
  const mlx::core::array& suppressed(const LogitFilters& filters, Place place);

  std::optional<TimestampRules> rules_;
  int end_of_text_;
  int vocabulary_size_;
  ArrayFunction choose_;
  /// float32 [1, vocabulary]: 0, or minus infinity for what is suppressed whatever comes before. Of the filters that were
  /// wanted last: each is a fifth of a megabyte for the device to fetch.
  struct Suppressed {
    LogitFilters filters;
    Place place;
    mlx::core::array logits;
  };
  std::deque<Suppressed> suppressed_;
};

}  // namespace hearth::whisper
