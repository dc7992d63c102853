#include "token_chooser.h"

#include <algorithm>

#include "compiled.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

mx::array where_suppressed(const mx::array& condition, const mx::array& logits) {
  return mx::where(condition, mx::array(kSuppressed), logits);
}

/// logit_filters.cc apply_timestamp_rules for rows that have sampled something.
mx::array apply_timestamp_rules(const TimestampRules& rules, int end_of_text, const mx::array& ids,
                                const SampledRows& rows, const mx::array& speech_until, const mx::array& logits) {
  const int begin = rules.timestamp_begin;
  const int count = logits.shape(0), vocabulary = logits.shape(1);
  const auto is_time = mx::greater_equal(ids, mx::array(begin));
  const auto closes = mx::logical_and(rows.last_is_time, mx::logical_not(rows.previous_is_time));
  const auto pair = mx::logical_and(rows.last_is_time, rows.previous_is_time);
  const auto later = mx::where(closes, rows.last_time, rows.last_time + mx::array(1));
  const auto text_waits = mx::logical_and(closes, mx::less(ids, mx::array(end_of_text)));
  const auto time_waits = mx::logical_and(is_time, mx::logical_or(pair, mx::less(ids, later)));
  const auto goes_on = mx::logical_and(rows.last_is_time, mx::less(rows.last_time, speech_until));
  const auto end_waits = mx::logical_and(goes_on, mx::equal(ids, mx::array(end_of_text)));
  const auto filtered = where_suppressed(mx::logical_or(mx::logical_or(text_waits, time_waits), end_waits), logits);

  const auto times = mx::logsumexp(mx::slice(filtered, {0, begin}, {count, vocabulary}), 1, true);
  const auto text = mx::max(mx::slice(filtered, {0, 0}, {count, begin}), 1, true);
  return where_suppressed(mx::logical_and(mx::greater(times, text), mx::logical_not(is_time)), filtered);
}

}  // namespace

SampledRows sampled_rows(const std::vector<std::vector<int>>& tokens, int timestamp_begin) {
  const auto is_time = [&](int token) { return token >= timestamp_begin; };
  const mx::Shape shape{static_cast<int>(tokens.size()), 1};
  std::vector<int> last, last_time;
  std::vector<uint8_t> last_is_time, previous_is_time;
  for (const auto& sampled : tokens) {
    last.push_back(sampled.back());
    last_is_time.push_back(is_time(sampled.back()));
    previous_is_time.push_back(sampled.size() < 2 || is_time(sampled[sampled.size() - 2]));
    const auto time = std::find_if(sampled.rbegin(), sampled.rend(), is_time);
    last_time.push_back(time == sampled.rend() ? -1 : *time);
  }
  return {mx::array(last.begin(), shape, mx::int32), mx::array(last_is_time.begin(), shape, mx::bool_),
          mx::array(previous_is_time.begin(), shape, mx::bool_), mx::array(last_time.begin(), shape, mx::int32)};
}

SampledRows select(const SampledRows& rows, const mx::array& indices) {
  const auto taken = [&](const mx::array& values) { return mx::take(values, indices, 0); };
  return {taken(rows.token), taken(rows.last_is_time), taken(rows.previous_is_time), taken(rows.last_time)};
}

TokenChooser::TokenChooser(const LogitFilters& filters, int end_of_text, int vocabulary_size)
    : rules_(filters.timestamp_rules), end_of_text_(end_of_text), vocabulary_size_(vocabulary_size) {
  auto ids = mx::reshape(mx::arange(0, vocabulary_size, mx::int32), {1, vocabulary_size});
  ids.eval();
  const auto choose = [rules = rules_, end_of_text, ids](const std::vector<mx::array>& in) -> std::vector<mx::array> {
    const SampledRows rows{in[1], in[2], in[3], in[4]};
    auto logits = mx::astype(in[0], mx::float32) + in[5];
    if (rules) logits = apply_timestamp_rules(*rules, end_of_text, ids, rows, in[6], logits);
    const auto token = mx::astype(mx::argmax(in.size() > 7 ? logits + in[7] : logits, 1, true), mx::int32);
    const auto logprob = mx::take_along_axis(logits, token, 1) - mx::logsumexp(logits, 1, true);
    if (!rules) return {token, rows.last_is_time, rows.previous_is_time, rows.last_time, logprob};
    const auto is_time = mx::greater_equal(token, mx::array(rules->timestamp_begin));
    return {token, is_time, rows.last_is_time, mx::where(is_time, token, rows.last_time), logprob};
  };
  choose_ = compiled(choose, /*any_shape=*/false);
}

bool TokenChooser::fits(const LogitFilters& filters, int end_of_text) const {
  if (filters.timestamp_rules.has_value() != rules_.has_value() || end_of_text != end_of_text_) return false;
  return !rules_ || rules_->timestamp_begin == filters.timestamp_rules->timestamp_begin;
}

/// Before the first token nothing depends on other logits: where there are rules for timestamps, it is one, and they say
/// which.
const mx::array& TokenChooser::suppressed(const LogitFilters& filters, Place place) {
  constexpr size_t kMostKept = 8;
  const auto is_same = [&](const Suppressed& each) { return each.place == place && each.filters == filters; };
  const auto known = std::ranges::find_if(suppressed_, is_same);
  if (known != suppressed_.end()) return known->logits;
  std::vector<float> values(vocabulary_size_, 0.0f);
  if (place == Place::first) {
    apply_logit_filters(filters, 0, {}, values);
  } else {
    const auto suppress = [&](int token) {
      if (token >= 0 && token < vocabulary_size_) values[token] = kSuppressed;
    };
    for (const int token : filters.suppress) suppress(token);
    if (filters.timestamp_rules) suppress(filters.timestamp_rules->no_timestamps);
  }
  if (suppressed_.size() == kMostKept) suppressed_.pop_front();
  return suppressed_.emplace_back(Suppressed{filters, place, mx::array(values.begin(), {1, vocabulary_size_})}).logits;
}

TokenChooser::First TokenChooser::choose_first(const mx::array& logits, const LogitFilters& filters) {
  const auto filtered = mx::astype(logits, mx::float32) + suppressed(filters, Place::first);
  const auto token = mx::astype(mx::argmax(filtered, 1, true), mx::int32);
  return {token, mx::take_along_axis(filtered, token, 1) - mx::logsumexp(filtered, 1, true)};
}

TokenChooser::Choice TokenChooser::choose(const mx::array& logits, const SampledRows& rows, const LogitFilters& filters,
                                          const mx::array& speech_until, const std::optional<mx::array>& noise) {
  std::vector<mx::array> in{logits,
                            rows.token,
                            rows.last_is_time,
                            rows.previous_is_time,
                            rows.last_time,
                            suppressed(filters, Place::later),
                            speech_until};
  if (noise) in.push_back(*noise);
  const auto out = choose_(in);
  return {{out[0], out[1], out[2], out[3]}, out[4]};
}

}  // namespace hearth::whisper
