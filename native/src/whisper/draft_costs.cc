#include "draft_costs.h"

#include <algorithm>

namespace hearth::whisper {
namespace {

/// What a run takes may change while all of them read guesses.
constexpr int kRoundsUntilPlainRun = 64;

}  // namespace

bool DraftCosts::wants_plain_run() const {
  return are_measured_ && (!plain_run_.is_known() || rounds_since_plain_run_ >= kRoundsUntilPlainRun);
}

void DraftCosts::learn_plain_run(double seconds) {
  plain_run_.add(seconds);
  // What no round of late had the length of may be something else by now.
  if (rounds_since_plain_run_ >= kRoundsUntilPlainRun) {
    for (auto& round : rounds_) round.forget_oldest();
  }
  rounds_since_plain_run_ = 0;
}

void DraftCosts::learn_round(double seconds, int guesses) {
  ++rounds_since_plain_run_;
  if (guesses > 0) rounds_[std::min(guesses, kMostGuesses)].add(seconds);
}

void DraftCosts::begin_again() {
  plain_run_ = {};
  rounds_ = {};
  rounds_since_plain_run_ = 0;
}

double DraftCosts::runs(int guesses) const { return is_timed(guesses) ? timed(guesses) : on_line(guesses); }

bool DraftCosts::is_timed(int guesses) const {
  return are_measured_ && rounds_[guesses].is_known() && plain_run_.is_known() && plain_run_.value() > 0;
}

double DraftCosts::timed(int guesses) const { return rounds_[guesses].value() / plain_run_.value(); }

/// The line nearest to what was timed with other numbers of guesses, and to a run without any.
double DraftCosts::on_line(int guesses) const {
  double weights = 0, x = 0, y = 0, xx = 0, xy = 0;
  const auto add = [&](int at, double runs, double weight) {
    weights += weight;
    x += weight * at;
    y += weight * runs;
    xx += weight * at * at;
    xy += weight * at * runs;
  };
  add(0, 1, 1);
  for (int at = 1; at <= kMostGuesses; ++at) {
    if (is_timed(at)) add(at, timed(at), rounds_[at].count());
  }
  if (weights == 1) return estimated_runs(guesses);
  const double slope = std::max(0.0, (weights * xy - x * y) / (weights * xx - x * x));
  return (y - slope * x) / weights + slope * guesses;
}

}  // namespace hearth::whisper
