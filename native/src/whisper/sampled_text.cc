#include "sampled_text.h"

#include <utility>

#include "sampler.h"

namespace hearth::whisper {

SampledText::SampledText(Prompt prompt, DecodingRules rules, int text_context, SampleSettings settings,
                         std::function<void(int)> on_token)
    : Text(std::move(prompt), std::move(rules), text_context),
      settings_(settings),
      on_token_(std::move(on_token)),
      random_(settings.seed) {}

int SampledText::begin(std::span<const float> at_start, std::span<float> after) {
  if (rules_.no_speech) no_speech_prob_ = softmax_at(at_start, *rules_.no_speech);
  choose(after);
  return ended_ ? 0 : 1;
}

void SampledText::append_inputs(std::vector<int>& tokens, std::vector<int>& lengths) const {
  tokens.push_back(tokens_.back());
  lengths.push_back(length());
}

std::vector<int> SampledText::advance(std::span<const std::span<float>> logits) {
  choose(logits.front());
  return ended_ ? std::vector<int>() : std::vector<int>{0};
}

void SampledText::choose(std::span<float> logits) {
  apply_logit_filters(rules_.filters, prompt_.speech_until, tokens_, logits);
  const auto next = sample(logits, settings_.temperature, random_);
  add(next.token, next.logprob);
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
