#include "logit_filters.h"

#include <algorithm>
#include <cmath>

#include "sampler.h"

namespace hearth::whisper {
namespace {

void suppress(std::span<float> logits, std::span<const int> tokens) {
  for (const int token : tokens) {
    if (token >= 0 && token < static_cast<int>(logits.size())) logits[token] = kSuppressed;
  }
}

/// [first, last)
void suppress_range(std::span<float> logits, int first, int last) {
  const int end = std::min(last, static_cast<int>(logits.size()));
  if (first < end) std::fill(logits.begin() + first, logits.begin() + end, kSuppressed);
}

/// Timestamps come in pairs, never go back, and no segment has zero length.
void force_pairs_and_order(const TimestampRules& rules, std::span<const int> sampled, std::span<float> logits) {
  const int vocabulary = static_cast<int>(logits.size());
  const auto is_timestamp = [&](int token) { return token >= rules.timestamp_begin; };
  const bool last_was_timestamp = !sampled.empty() && is_timestamp(sampled.back());
  const bool penultimate_was_timestamp = sampled.size() < 2 || is_timestamp(sampled[sampled.size() - 2]);
  if (last_was_timestamp && penultimate_was_timestamp) suppress_range(logits, rules.timestamp_begin, vocabulary);
  if (last_was_timestamp && !penultimate_was_timestamp) suppress_range(logits, 0, rules.end_of_text);

  const auto last_timestamp = std::find_if(sampled.rbegin(), sampled.rend(), is_timestamp);
  if (last_timestamp == sampled.rend()) return;
  const bool closes_a_segment = last_was_timestamp && !penultimate_was_timestamp;
  suppress_range(logits, rules.timestamp_begin, closes_a_segment ? *last_timestamp : *last_timestamp + 1);
}

/// Not OpenAI's: a model that closes a text with speech ahead of it, or opens a segment and leaves it empty, goes on.
void go_on_until(int speech_until, const TimestampRules& rules, std::span<const int> sampled, std::span<float> logits) {
  const bool at_timestamp = sampled.size() > 1 && sampled.back() >= rules.timestamp_begin;
  if (at_timestamp && sampled.back() < speech_until) logits[rules.end_of_text] = kSuppressed;
}

/// When the timestamps together are likelier than any text, the next token is a timestamp.
bool timestamps_win(const TimestampRules& rules, std::span<const float> logits) {
  const auto text = logits.first(rules.timestamp_begin);
  const auto timestamps = logits.subspan(rules.timestamp_begin);
  return log_sum_exp(timestamps) > *std::ranges::max_element(text);
}

void apply_timestamp_rules(const TimestampRules& rules, int speech_until, std::span<const int> sampled,
                           std::span<float> logits) {
  logits[rules.no_timestamps] = kSuppressed;
  force_pairs_and_order(rules, sampled, logits);
  go_on_until(speech_until, rules, sampled, logits);
  if (sampled.empty()) {
    suppress_range(logits, 0, rules.timestamp_begin);
    if (rules.max_initial_timestamp_index) {
      suppress_range(logits, rules.timestamp_begin + *rules.max_initial_timestamp_index + 1,
                     static_cast<int>(logits.size()));
    }
  }
  if (timestamps_win(rules, logits)) suppress_range(logits, 0, rules.timestamp_begin);
}

}  // namespace

void apply_logit_filters(const LogitFilters& filters, int speech_until, std::span<const int> sampled,
                         std::span<float> logits) {
  if (sampled.empty()) suppress(logits, filters.suppress_at_begin);
  suppress(logits, filters.suppress);
  if (filters.timestamp_rules) apply_timestamp_rules(*filters.timestamp_rules, speech_until, sampled, logits);
}

}  // namespace hearth::whisper
