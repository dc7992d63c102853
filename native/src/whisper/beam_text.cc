#include "beam_text.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "sampler.h"

namespace hearth::whisper {

BeamText::BeamText(Prompt prompt, DecodingRules rules, int text_context, BeamSettings settings)
    : Text(std::move(prompt), std::move(rules), text_context), settings_(settings) {}

int BeamText::begin(std::span<const float> at_start, std::span<const std::span<float>> after) {
  if (rules_.no_speech) no_speech_prob_ = softmax_at(at_start, *rules_.no_speech);
  apply_logit_filters(rules_.filters, prompt_.speech_until, {}, after.front());
  std::vector<Beam> extended;
  extend({}, after.front(), extended);
  update(std::move(extended));
  // All beams start from one reading of the prompt.
  return ended() ? 0 : static_cast<int>(beams_.size());
}

void BeamText::append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const {
  for (const auto& beam : beams_) {
    tokens.push_back(beam.tokens.back());
    lengths.push_back(static_cast<int>(prompt_.tokens.size() + beam.tokens.size()));
  }
}

std::vector<int> BeamText::advance(std::span<const std::span<float>> logits) {
  std::vector<Beam> extended;
  for (size_t row = 0; row < beams_.size(); ++row) {
    beams_[row].row = static_cast<int>(row);
    apply_logit_filters(rules_.filters, prompt_.speech_until, beams_[row].tokens, logits[row]);
    extend(beams_[row], logits[row], extended);
  }
  update(std::move(extended));
  std::vector<int> rows;
  if (ended()) return rows;
  for (const auto& beam : beams_) rows.push_back(beam.row);
  return rows;
}

/// The likeliest tokens after `beam` as longer beams, likeliest first.
void BeamText::extend(const Beam& beam, std::span<const float> logits, std::vector<Beam>& extended) const {
  const int count = settings_.beam_size + 1;
  std::vector<int> best;
  for (int token = 0; token < static_cast<int>(logits.size()); ++token) {
    if (static_cast<int>(best.size()) == count && logits[token] <= logits[best.back()]) continue;
    const auto place = std::ranges::find_if(best, [&](int other) { return logits[token] > logits[other]; });
    best.insert(place, token);
    if (static_cast<int>(best.size()) > count) best.pop_back();
  }
  const double normalizer = log_sum_exp(logits);
  for (const int token : best) {
    Beam longer{beam.tokens, beam.score + static_cast<float>(logits[token] - normalizer), beam.row};
    longer.tokens.push_back(token);
    extended.push_back(std::move(longer));
  }
}

/// Keeps the best `beam_size` unfinished texts, and the finished ones that rank before the last of them.
void BeamText::update(std::vector<Beam> extended) {
  std::ranges::stable_sort(extended, std::greater{}, &Beam::score);
  beams_.clear();
  ++sampled_;
  for (auto& beam : extended) {
    if (static_cast<int>(beams_.size()) == settings_.beam_size) break;
    if (beam.tokens.back() != rules_.end_of_text) {
      beams_.push_back(std::move(beam));
    } else if (static_cast<int>(finished_.size()) < settings_.max_candidates) {
      finished_.push_back(std::move(beam));
    }
  }
}

bool BeamText::ended() const {
  const bool enough = static_cast<int>(finished_.size()) >= settings_.max_candidates;
  return enough || beams_.empty() || sampled_ >= rules_.max_tokens ||
         static_cast<int>(prompt_.tokens.size() + beams_.front().tokens.size()) > text_context_;
}

size_t BeamText::token_count() const {
  if (!finished_.empty()) return finished_.front().tokens.size() - 1;
  return beams_.empty() ? 0 : beams_.front().tokens.size();
}

std::vector<Candidate> BeamText::candidates() const {
  std::vector<Candidate> candidates;
  for (const auto& beam : finished_) candidates.push_back({{beam.tokens.begin(), beam.tokens.end() - 1}, beam.score});
  // The best ones first, as `update` leaves them.
  for (const auto& beam : beams_) {
    if (static_cast<int>(candidates.size()) >= settings_.beam_size) break;
    candidates.push_back({beam.tokens, beam.score});
  }
  return candidates;
}

}  // namespace hearth::whisper
