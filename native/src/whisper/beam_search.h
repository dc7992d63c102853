#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "decode_session.h"
#include "logit_filters.h"

namespace hearth::whisper {

struct BeamRequest {
  std::vector<Prompt> prompts;
  LogitFilters filters;
  int end_of_text = 0;
  std::optional<int> no_speech;
  int max_tokens = 0;  ///< OpenAI's sample_len
  int beam_size = 0;
  int max_candidates = 0;  ///< round(beam_size * patience): finished texts at which a search ends
};

struct Candidate {
  std::vector<int> tokens;  ///< without end of text
  double sum_logprob = 0;
};

struct BeamResult {
  std::vector<Candidate> candidates;  ///< unranked; at least one
  double no_speech_prob = 0;
};

/// openai/whisper decoding.py BeamSearchDecoder: every beam of every prompt advances in one batch.
std::vector<BeamResult> beam_search(Model& model, const BeamRequest& request, const Cancellation& cancellation);

}  // namespace hearth::whisper
