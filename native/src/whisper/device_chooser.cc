#include "device_chooser.h"

#include <algorithm>

#include "mlx/ops.h"
#include "mlx/random.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// Gumbel noise times each text's temperature; nothing when all are greedy. `steps` are what the texts have sampled.
std::optional<mx::array> make_noise(std::span<const std::shared_ptr<SampledText>> texts, const std::vector<int>& steps,
                                    int vocabulary) {
  const auto is_greedy = [](const auto& text) { return !text || text->settings().temperature <= 0; };
  if (std::ranges::all_of(texts, is_greedy)) return std::nullopt;
  std::vector<mx::array> values;
  for (size_t i = 0; i < texts.size(); ++i) {
    const mx::Shape shape{1, vocabulary};
    if (is_greedy(texts[i])) {
      values.push_back(mx::zeros(shape, mx::float32));
      continue;
    }
    constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
    const auto& settings = texts[i]->settings();
    const auto key = mx::random::key(settings.seed + kSpread * static_cast<uint64_t>(steps[i]));
    values.push_back(mx::random::gumbel(shape, mx::float32, key) * mx::array(settings.temperature));
  }
  return mx::concatenate(values, 0);
}

}  // namespace

SampledRows DeviceChooser::rows_after(std::span<const std::shared_ptr<SampledText>> texts,
                                      const std::vector<std::vector<int>>& tokens) const {
  // The model's own first timestamp; without rules for timestamps no token is one.
  for (const auto& text : texts) {
    if (!text || !text->rules().filters.timestamp_rules) continue;
    return sampled_rows(tokens, text->rules().filters.timestamp_rules->timestamp_begin);
  }
  return sampled_rows(tokens, model_.dimensions().vocabulary_size);
}

TokenChooser::Choice DeviceChooser::choose(const mx::array& logits, std::span<const std::shared_ptr<SampledText>> texts,
                                           const SampledRows& sampled, const std::vector<int>& counts) {
  std::vector<int> until;
  for (size_t i = 0; i < texts.size(); ++i) {
    // Before its second token no text has begun: what is no speech may end there.
    until.push_back(texts[i] && counts[i] > 1 ? texts[i]->prompt().speech_until : 0);
  }
  const auto noise = make_noise(texts, counts, model_.dimensions().vocabulary_size);
  const auto groups = alike(texts);
  const auto speech_until = column_of(until);
  if (groups.size() == 1) return choose_alike(groups.front(), logits, sampled, speech_until, noise);

  std::vector<mx::array> tokens, last_is_time, previous_is_time, last_time, logprobs;
  std::vector<int> places(texts.size());
  int place = 0;
  for (const auto& group : groups) {
    const auto rows = mx::array(group.rows.begin(), {static_cast<int>(group.rows.size())}, mx::int32);
    const auto own_noise = noise ? std::optional(mx::take(*noise, rows, 0)) : std::nullopt;
    const auto choice = choose_alike(group, mx::take(logits, rows, 0), whisper::select(sampled, rows),
                                     mx::take(speech_until, rows, 0), own_noise);
    tokens.push_back(choice.rows.token);
    last_is_time.push_back(choice.rows.last_is_time);
    previous_is_time.push_back(choice.rows.previous_is_time);
    last_time.push_back(choice.rows.last_time);
    logprobs.push_back(choice.logprob);
    for (const int row : group.rows) places[row] = place++;
  }
  const auto order = mx::array(places.begin(), {static_cast<int>(places.size())}, mx::int32);
  const auto joined = [&](const std::vector<mx::array>& parts) {
    return mx::take(mx::concatenate(parts, 0), order, 0);
  };
  return {{joined(tokens), joined(last_is_time), joined(previous_is_time), joined(last_time)}, joined(logprobs)};
}

TokenChooser::First DeviceChooser::choose_first(const mx::array& logits,
                                                std::span<const std::shared_ptr<SampledText>> texts) {
  const auto choose = [&](const DecodingRules& rules, const mx::array& own) {
    return model_.token_chooser(rules.filters, rules.end_of_text).choose_first(own, rules.filters);
  };
  const auto groups = alike(texts);
  if (groups.size() == 1) return choose(texts.front()->rules(), logits);
  std::vector<mx::array> tokens, logprobs;
  for (size_t row = 0; row < texts.size(); ++row) {
    const int place = static_cast<int>(row);
    const auto first = choose(texts[row]->rules(), mx::slice(logits, {place, 0}, {place + 1, logits.shape(1)}));
    tokens.push_back(first.token);
    logprobs.push_back(first.logprob);
  }
  return {mx::concatenate(tokens, 0), mx::concatenate(logprobs, 0)};
}

/// As int32 [values, 1]; most steps have those of the one before.
mx::array DeviceChooser::column_of(const std::vector<int>& values) {
  if (!column_ || values != in_column_) {
    in_column_ = values;
    column_ = mx::array(values.begin(), {static_cast<int>(values.size()), 1}, mx::int32);
  }
  return *column_;
}

std::vector<DeviceChooser::AlikeRows> DeviceChooser::alike(std::span<const std::shared_ptr<SampledText>> texts) const {
  std::vector<AlikeRows> groups;
  std::vector<int> left;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) {
      left.push_back(static_cast<int>(i));
      continue;
    }
    const auto& rules = texts[i]->rules();
    const auto fits = [&](const AlikeRows& group) {
      return group.rules->end_of_text == rules.end_of_text && group.rules->filters == rules.filters;
    };
    const auto found = std::ranges::find_if(groups, fits);
    auto& group = found == groups.end() ? groups.emplace_back(AlikeRows{&rules, {}}) : *found;
    group.rows.push_back(static_cast<int>(i));
  }
  groups.front().rows.insert(groups.front().rows.end(), left.begin(), left.end());
  // In their order, so that one group is all rows as they are.
  std::ranges::sort(groups.front().rows);
  return groups;
}

TokenChooser::Choice DeviceChooser::choose_alike(const AlikeRows& group, const mx::array& logits,
                                                 const SampledRows& rows, const mx::array& speech_until,
                                                 const std::optional<mx::array>& noise) {
  const auto& [filters, end_of_text, no_speech, max_tokens] = *group.rules;
  return model_.token_chooser(filters, end_of_text).choose(logits, rows, filters, speech_until, noise);
}

}  // namespace hearth::whisper
