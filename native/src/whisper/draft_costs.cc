#include "draft_costs.h"

#include <algorithm>
#include <cstdint>

namespace hearth::whisper {
namespace {

constexpr size_t kKeptValues = 9;
constexpr size_t kEnough = 3;
/// What a run takes may change while all of them read guesses.
constexpr int kReadingsUntilPlainRun = 64;

}  // namespace

void RecentMedian::add(double value) {
  if (values_.size() < kKeptValues) return values_.push_back(value);
  values_[oldest_] = value;
  oldest_ = (oldest_ + 1) % kKeptValues;
}

bool RecentMedian::is_known() const { return values_.size() >= kEnough; }

double RecentMedian::value() const {
  auto values = values_;
  const auto middle = values.begin() + static_cast<int64_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool DraftCosts::wants_plain_run() const {
  return are_measured_ && (!plain_run_.is_known() || readings_since_plain_run_ >= kReadingsUntilPlainRun);
}

void DraftCosts::learn_plain_run(double seconds) {
  plain_run_.add(seconds);
  readings_since_plain_run_ = 0;
}

void DraftCosts::begin_again() {
  plain_run_ = guess_ = reading_ = {};
  readings_since_plain_run_ = 0;
}

void DraftCosts::learn_guesses(double seconds, int count) {
  if (count > 0) guess_.add(seconds / count);
}

void DraftCosts::learn_reading(double seconds, int guesses) {
  ++readings_since_plain_run_;
  if (guesses > 0 && plain_run_.is_known()) reading_.add(std::max(0.0, (seconds - plain_run_.value()) / guesses));
}

double DraftCosts::in_runs(const RecentMedian& seconds, double estimate) const {
  const bool is_timed = are_measured_ && seconds.is_known() && plain_run_.is_known() && plain_run_.value() > 0;
  return is_timed ? seconds.value() / plain_run_.value() : estimate;
}

}  // namespace hearth::whisper
