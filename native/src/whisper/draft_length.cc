#include "draft_length.h"

namespace hearth::whisper {
namespace {

/// What is known of earlier guesses counts less with each run.
constexpr double kRemembered = 0.85;
/// After so many tokens without a guess the next one may be right again.
constexpr int kTokensUntilRetry = 24;

}  // namespace

int DraftLength::next(int tokens, int texts) const {
  const int length = best(texts);
  if (length > 0) return length;
  return tokens - last_guess_at_ >= kTokensUntilRetry ? 1 : 0;
}

void DraftLength::learn(int tokens, int guessed, int accepted) {
  last_guess_at_ = tokens;
  right_ = right_ * kRemembered + accepted;
  // Behind the first wrong guess nobody looks.
  looked_at_ = looked_at_ * kRemembered + accepted + (accepted < guessed ? 1 : 0);
}

/// With the most tokens for the time, if each guess is right as often as those before it.
int DraftLength::best(int texts) const {
  const double chance = right_ / looked_at_;
  const double each = texts * (guess_cost_ + reading_cost_);
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
