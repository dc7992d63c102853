#include "sampler.h"

#include <algorithm>
#include <cmath>

#include "../kernels/kernels.h"

namespace hearth::whisper {
namespace {

int draw(std::span<const float> logits, float temperature, std::mt19937_64& random) {
  const float largest = *std::ranges::max_element(logits);
  const auto weight = [&](float logit) { return std::exp((static_cast<double>(logit) - largest) / temperature); };
  double total = 0;
  for (const float logit : logits) total += weight(logit);
  // 53 random bits, so that the draw is the same with every standard library.
  double remaining = static_cast<double>(random() >> 11) * 0x1.0p-53 * total;
  int last_possible = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    const double share = weight(logits[i]);
    if (share <= 0) continue;
    last_possible = static_cast<int>(i);
    remaining -= share;
    if (remaining < 0) break;
  }
  return last_possible;
}

}  // namespace

double log_sum_exp(std::span<const float> values) { return kernels::log_sum_exp(values.data(), values.size()); }

double softmax_at(std::span<const float> values, int index) { return std::exp(values[index] - log_sum_exp(values)); }

int most_likely(std::span<const float> logits) {
  return static_cast<int>(kernels::argmax(logits.data(), logits.size()));
}

Sample sample(std::span<const float> logits, float temperature, std::mt19937_64& random) {
  const int token = temperature > 0 ? draw(logits, temperature, random) : most_likely(logits);
  return {token, logits[token] - log_sum_exp(logits)};
}

}  // namespace hearth::whisper
