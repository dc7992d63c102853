#include "draft_length.h"

#include <algorithm>
#include <utility>

namespace hearth::whisper {
namespace {

/// What is known of earlier guesses counts less with each round: in a session, and in all of them.
constexpr double kRemembered = 0.92;
constexpr double kLongRemembered = 0.98;
/// What others had learned counts as so many guesses of a session's own.
constexpr double kBegunWith = 5;
constexpr int kShortestPause = GuessRecord().pause;
constexpr int kLongestPause = 8 * kShortestPause;
/// Mostly so many, so that their time is known when it was tried three times.
constexpr int kMostToTry = 3;

/// Behind the first wrong guess nobody looks.
int looked_at(int guessed, int accepted) { return accepted + (accepted < guessed ? 1 : 0); }

}  // namespace

void GuessExperience::begin(GuessRecord& record) const {
  record.has_begun = true;
  record.right = kBegunWith * right_ / looked_at_;
  record.looked_at = kBegunWith;
}

void GuessExperience::learn(int guessed, int accepted) {
  right_ = right_ * kLongRemembered + accepted;
  looked_at_ = looked_at_ * kLongRemembered + looked_at(guessed, accepted);
}

DraftLength::DraftLength(std::shared_ptr<GuessRecord> record, GuessExperience& experience)
    : record_(std::move(record)), experience_(&experience) {
  if (!record_->has_begun) experience.begin(*record_);
}

int DraftLength::next(int tokens, const DraftCosts& costs) {
  record_->tokens_since += std::max(0, tokens - tokens_);
  tokens_ = tokens;
  doubts_costs_ = false;
  const int length = best([&](int guesses) { return costs.runs(guesses); });
  if (length > 0) record_->pause = kShortestPause;
  if (length > 0 || record_->tokens_since < record_->pause) return length;
  return try_again(costs);
}

/// Each time that it was vain to try again, the next one comes later. Speech may be another than before the pause, so what
/// was known counts half.
int DraftLength::try_again(const DraftCosts& costs) {
  record_->right /= 2;
  record_->looked_at /= 2;
  record_->pause = std::min(2 * record_->pause, kLongestPause);
  const int length = best([&](int guesses) { return costs.estimated_runs(guesses); });
  doubts_costs_ = length > 0;
  return std::clamp(length, 1, kMostToTry);
}

void DraftLength::learn(int tokens, int guessed, int accepted) {
  tokens_ = tokens;
  record_->tokens_since = 0;
  record_->right = record_->right * kRemembered + accepted;
  record_->looked_at = record_->looked_at * kRemembered + looked_at(guessed, accepted);
  if (accepted > 0 && !doubts_costs_) record_->pause = kShortestPause;
  experience_->learn(guessed, accepted);
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
