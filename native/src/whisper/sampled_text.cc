#include "sampled_text.h"

#include <algorithm>
#include <utility>

#include "sampler.h"

namespace hearth::whisper {
namespace {

/// So far behind a word that differs the text is looked for in what is left of its draft.
constexpr size_t kMostSkipped = 6;
/// What is left may differ again soon, and each of its tokens takes a seventh of a run to read.
constexpr size_t kMostAfterDifference = 12;

}  // namespace

SampledText::SampledText(Prompt prompt, DecodingRules rules, int text_context, SampleSettings settings,
                         std::function<void(int)> on_token)
    : Text(std::move(prompt), std::move(rules), text_context),
      settings_(settings),
      on_token_(std::move(on_token)),
      random_(settings.seed) {}

void SampledText::guess(std::span<const int> draft) {
  if (settings_.temperature > 0) return;
  left_.assign(draft.begin(), std::ranges::find(draft, rules_.end_of_text));
  skipped_ = 0;
  read_next(left_);
}

void SampledText::guess_next(std::span<const int> draft) {
  guess(draft);
  left_.clear();
}

void SampledText::read_next(std::span<const int> draft) {
  // One more token comes after the draft.
  const int room = std::min(rules_.max_tokens - 1 - static_cast<int>(tokens_.size()), text_context_ - length());
  const auto size = std::min<int64_t>(std::ssize(draft), std::max(room, 0));
  draft_.assign(draft.begin(), draft.begin() + size);
}

/// Takes tokens as long as they are those of the draft, and the one that follows.
template <typename TakeNext>
void SampledText::go_along_draft(const TakeNext& take_next) {
  const auto draft = std::exchange(draft_, {});
  accepted_ = 0;
  for (size_t i = 0; i <= draft.size(); ++i) {
    take_next(i);
    if (i == draft.size() || ended_ || tokens_.back() != draft[i]) break;
    ++accepted_;
  }
  draft_count_.read += static_cast<int64_t>(draft.size());
  draft_count_.accepted += accepted_;
  if (accepted_ > 0 && !left_.empty()) {
    left_.erase(left_.begin(), left_.begin() + static_cast<int64_t>(skipped_) + accepted_);
  }
}

void SampledText::come_back_to_draft() {
  if (ended_ || left_.empty()) return;
  const auto near = std::span<const int>(left_).first(std::min(kMostSkipped, left_.size()));
  const auto same = std::ranges::find(near, tokens_.back());
  if (same == near.end()) return;
  skipped_ = static_cast<size_t>(same - near.begin()) + 1;
  const auto next = std::span<const int>(left_).subspan(skipped_);
  read_next(next.first(std::min(kMostAfterDifference, next.size())));
}

int SampledText::begin(std::span<const float> at_start, std::span<const std::span<float>> after) {
  if (rules_.no_speech) no_speech_prob_ = softmax_at(at_start, *rules_.no_speech);
  go_along_draft([&](size_t i) { choose(after[i]); });
  come_back_to_draft();
  return ended_ ? 0 : 1;
}

void SampledText::begin_with(int token, double logprob, std::optional<float> no_speech_prob) {
  if (no_speech_prob) no_speech_prob_ = *no_speech_prob;
  go_along_draft([&](size_t) { add(token, logprob); });
  come_back_to_draft();
}

void SampledText::add_next(int token, double logprob) {
  add(token, logprob);
  if (!ended_ && !draft_.empty() && draft_.front() == token) {
    draft_.erase(draft_.begin());
    ++skipped_;
    return;
  }
  draft_.clear();
  come_back_to_draft();
}

void SampledText::append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const {
  tokens.push_back(tokens_.back());
  lengths.push_back(length());
}

std::vector<int> SampledText::advance(std::span<const std::span<float>> logits) {
  go_along_draft([&](size_t i) { choose(logits[i]); });
  come_back_to_draft();
  return ended_ ? std::vector<int>() : std::vector<int>{0};
}

void SampledText::choose(std::span<float> logits) {
  apply_logit_filters(rules_.filters, prompt_.speech_until, tokens_, logits);
  const auto next = sample(logits, settings_.temperature, random_);
  add(next.token, next.logprob);
}

std::vector<int> SampledText::add_along_draft(std::span<const int> tokens, std::span<const float> logprobs) {
  go_along_draft([&](size_t i) { add(tokens[i], logprobs[i]); });
  come_back_to_draft();
  return ended_ ? std::vector<int>() : std::vector<int>{0};
}

void SampledText::add(int token, double logprob) {
  sum_logprob_ += logprob;
  if (token == rules_.end_of_text) {
    ended_ = true;
    return;
  }
  tokens_.push_back(token);
  on_token_(token);
  // OpenAI stops, too, when a text would outgrow the context.
  ended_ = static_cast<int>(tokens_.size()) >= rules_.max_tokens || length() > text_context_;
}

}  // namespace hearth::whisper
