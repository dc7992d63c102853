#include "recent_median.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hearth::whisper {
namespace {

constexpr size_t kKeptValues = 5;
constexpr size_t kEnough = 3;

}  // namespace

void RecentMedian::add(double value) {
  if (!std::exchange(is_warm_, true)) return;
  if (values_.size() == kKeptValues) values_.pop_front();
  values_.push_back(value);
}

void RecentMedian::forget_oldest() {
  if (!values_.empty()) values_.pop_front();
}

bool RecentMedian::is_known() const { return values_.size() >= kEnough; }

double RecentMedian::value() const {
  auto values = values_;
  const auto middle = values.begin() + static_cast<int64_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace hearth::whisper
