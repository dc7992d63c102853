#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "decode_session.h"
#include "logit_filters.h"

namespace hearth::whisper {

struct DecodeRow {
  Prompt prompt;
  float temperature;
  uint64_t seed;
  CancellationPointer cancellation = nullptr;  ///< takes this row alone out of the batch
};

struct DecodeRequest {
  std::vector<DecodeRow> rows;
  LogitFilters filters;
  int end_of_text = 0;
  std::optional<int> no_speech;
  int max_tokens = 0;  ///< OpenAI's sample_len
};

struct DecodeResult {
  std::vector<int> tokens;  ///< without end of text
  double sum_logprob = 0;   ///< with the first end of text
  double no_speech_prob = 0;
  bool cancelled = false;  ///< by its row's own cancellation; the tokens are not whole
};

/// openai/whisper decoding.py DecodingTask._main_loop with GreedyDecoder, for many rows at once; finished rows leave
/// the batch. `on_token(row, token)` is called for every sampled token but the end of text.
std::vector<DecodeResult> decode_rows(Model& model, const DecodeRequest& request,
                                      const std::function<void(int, int)>& on_token, const Cancellation& cancellation);

}  // namespace hearth::whisper
