#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace hearth::whisper {

/// log(sum(exp(values))); minus infinity when every value is.
double log_sum_exp(std::span<const float> values);

/// softmax(values)[index]
double softmax_at(std::span<const float> values, int index);

/// The first of equals.
int most_likely(std::span<const float> logits);

struct Sample {
  int token;
  double logprob;  ///< log_softmax(logits)[token], of the filtered logits at temperature 1
};

/// openai/whisper decoding.py GreedyDecoder: argmax at temperature 0, else one draw from softmax(logits / temperature).
Sample sample(std::span<const float> logits, float temperature, std::mt19937_64& random);

}  // namespace hearth::whisper
