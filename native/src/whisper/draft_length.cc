#include "draft_length.h"

#include <algorithm>

namespace hearth::whisper {
namespace {

/// What is known of earlier guesses counts less with each run.
constexpr double kRemembered = 0.85;
constexpr int kShortestPause = GuessRecord().pause;
constexpr int kLongestPause = 8 * kShortestPause;

}  // namespace

int DraftLength::next(int tokens, int texts) {
  record_->tokens_since += std::max(0, tokens - tokens_);
  tokens_ = tokens;
  const int length = best(texts);
  tries_again_ = length == 0 && record_->tokens_since >= record_->pause;
  return tries_again_ ? 1 : length;
}

/// Each time that it was vain to try again, the next one comes later.
void DraftLength::learn(int tokens, int guessed, int accepted) {
  auto& [right, looked_at, tokens_since, pause] = *record_;
  tokens_ = tokens;
  tokens_since = 0;
  right = right * kRemembered + accepted;
  // Behind the first wrong guess nobody looks.
  looked_at = looked_at * kRemembered + accepted + (accepted < guessed ? 1 : 0);
  if (accepted > 0) pause = kShortestPause;
  else if (tries_again_) pause = std::min(2 * pause, kLongestPause);
}

/// With the most tokens for the time, if each guess is right as often as those before it.
int DraftLength::best(int texts) const {
  const double chance = record_->right / record_->looked_at;
  const double each = texts * (costs_->guess() + costs_->reading());
  int best = 0;
  double most = 1, tokens = 1, all_right = 1;
  for (int length = 1; length <= kMost; ++length) {
    all_right *= chance;
    tokens += all_right;
    const double per_time = tokens / (1 + length * each);
    if (per_time <= most) continue;
    most = per_time;
    best = length;
  }
  return best;
}

}  // namespace hearth::whisper
