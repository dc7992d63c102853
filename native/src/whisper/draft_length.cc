#include "draft_length.h"

#include <algorithm>

namespace hearth::whisper {
namespace {

/// What is known of earlier guesses counts less with each run.
constexpr double kRemembered = 0.92;
constexpr int kShortestPause = GuessRecord().pause;
constexpr int kLongestPause = 8 * kShortestPause;
/// Mostly so many, so that their time is known when it was tried three times.
constexpr int kMostToTry = 3;

}  // namespace

int DraftLength::next(int tokens, const DraftCosts& costs) {
  record_->tokens_since += std::max(0, tokens - tokens_);
  tokens_ = tokens;
  doubts_costs_ = false;
  const int length = best([&](int guesses) { return costs.runs(guesses); });
  if (length > 0) record_->pause = kShortestPause;
  if (length > 0 || record_->tokens_since < record_->pause) return length;
  return try_again(costs);
}

/// Each time that it was vain to try again, the next one comes later.
int DraftLength::try_again(const DraftCosts& costs) {
  record_->pause = std::min(2 * record_->pause, kLongestPause);
  const int length = best([&](int guesses) { return costs.estimated_runs(guesses); });
  doubts_costs_ = length > 0;
  return std::clamp(length, 1, kMostToTry);
}

void DraftLength::learn(int tokens, int guessed, int accepted) {
  auto& [right, looked_at, tokens_since, pause] = *record_;
  tokens_ = tokens;
  tokens_since = 0;
  right = right * kRemembered + accepted;
  // Behind the first wrong guess nobody looks.
  looked_at = looked_at * kRemembered + accepted + (accepted < guessed ? 1 : 0);
  if (accepted > 0 && !doubts_costs_) pause = kShortestPause;
}

/// With the most tokens for the time, if each guess is right as often as those before it.
template <typename Runs>
int DraftLength::best(const Runs& runs) const {
  const double chance = record_->right / record_->looked_at;
  int best = 0;
  double most = 1, tokens = 1, all_right = 1;
  for (int length = 1; length <= kMost; ++length) {
    all_right *= chance;
    tokens += all_right;
    const double per_time = tokens / runs(length);
    if (per_time <= most) continue;
    most = per_time;
    best = length;
  }
  return best;
}

}  // namespace hearth::whisper
