#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace hearth::whisper {

/// The logit of a token that may not be chosen.
constexpr float kSuppressed = -std::numeric_limits<float>::infinity();

/// openai/whisper decoding.py ApplyTimestampRules.
struct TimestampRules {
  int timestamp_begin;
  int no_timestamps;
  int end_of_text;
  std::optional<int> max_initial_timestamp_index;

  bool operator==(const TimestampRules&) const = default;
};

/// What to suppress, in OpenAI's order: SuppressBlank, SuppressTokens, ApplyTimestampRules.
struct LogitFilters {
  std::vector<int> suppress_at_begin;
  std::vector<int> suppress;
  std::optional<TimestampRules> timestamp_rules;

  bool operator==(const LogitFilters&) const = default;
};

/// Sets suppressed logits of one row to minus infinity; `sampled` are its tokens after the prompt. Where speech is
/// known to go on until a timestamp token, a text that has begun does not end at an earlier one.
void apply_logit_filters(const LogitFilters& filters, int speech_until, std::span<const int> sampled,
                         std::span<float> logits);

}  // namespace hearth::whisper
