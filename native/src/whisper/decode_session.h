#pragma once

#include <memory>
#include <span>
#include <vector>

#include "../cancellation.h"
#include "decode_clock.h"
#include "model.h"

namespace hearth::whisper {

/// What a row starts from. Rows with the same prompt share one reading of it.
struct Prompt {
  EncodingPointer encoding;  ///< of the window that it is about
  std::vector<int> tokens;
  int sot_index;         ///< in `tokens`, where the no-speech probability is read
  int speech_until = 0;  ///< a timestamp token, before which a text that has begun does not end

  bool operator==(const Prompt&) const = default;
};

/// float32 logits of some rows, [rows, vocabulary]; filters work on them in place.
class Logits {
 public:
  /// Waits for them.
  Logits(mlx::core::array values, DecodeTime& time);
  std::span<float> row(int row);

 private:
  mlx::core::array values_;
};

struct PromptLogits {
  int count;  ///< of prompts
  Logits logits;
};

/// Positions 0 to `count - 1` of one row: int32 [1, count], in memory.
mlx::core::array ascending(int count);

/// Runs the decoder for rows that advance together: prompts first, then one token for every row per step.
class DecodeSession {
 public:
  DecodeSession(Model& model, std::span<const Prompt> prompts, int max_tokens, const Cancellation& cancellation);

  /// Reads this prompt and those behind it that are as long, each a row of the session. Logits at its start of
  /// transcript and after it: rows 0 and 1 are the first prompt's, 2 and 3 the next one's.
  PromptLogits read_prompts(int first);

  /// Makes the session's rows copies of these rows: drops, repeats or reorders them.
  void select(std::span<const int> rows);

  /// Appends one token to every row; `lengths` are the rows' own lengths with it. Logits after it.
  Logits step(std::span<const int> tokens, std::span<const int> lengths);
  /// The same without waiting for it: int32 [rows, 1] to [rows, vocabulary], as Decoder::raw_logits.
  mlx::core::array start_step(const mlx::core::array& tokens, std::span<const int> lengths);

 private:
  Model& model_;
  std::span<const Prompt> prompts_;
  const Cancellation& cancellation_;
  std::unique_ptr<AttentionState> state_;
  int column_ = 0;  ///< where the next step appends
};

}  // namespace hearth::whisper
