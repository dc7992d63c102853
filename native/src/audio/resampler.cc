#include "resampler.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hearth::audio {
namespace {

constexpr int kZeroCrossings = 32;
constexpr double kKaiserBeta = 9.0;
constexpr double kRollOff = 0.945;
/// Ratios with more phases than this (such as 44056 Hz) interpolate between neighbours. The error is below -110 dB.
constexpr int kMaxPhases = 1024;
constexpr int kLanes = 8;

/// Modified Bessel function of the first kind, order 0; libc++ lacks std::cyl_bessel_i.
double bessel_i0(double x) {
  double sum = 1;
  double term = 1;
  for (int k = 1; term > sum * 1e-17; ++k) {
    const double factor = x / (2 * k);
    term *= factor * factor;
    sum += term;
  }
  return sum;
}

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

/// One filter per phase, each with a gain of 1 at 0 Hz.
std::vector<float> build_table(int phases, int half_taps, double bandwidth) {
  const int taps = 2 * half_taps;
  const double half_width = kZeroCrossings / bandwidth;
  std::vector<float> table(static_cast<size_t>(phases + 1) * taps);
  std::vector<double> filter(taps);
  for (int phase = 0; phase <= phases; ++phase) {
    for (int tap = 0; tap < taps; ++tap) {
      const double distance = tap - (half_taps - 1) - static_cast<double>(phase) / phases;
      const double relative = distance / half_width;
      const bool inside = std::abs(relative) < 1;
      filter[tap] =
          inside ? sinc(kRollOff * bandwidth * distance) * bessel_i0(kKaiserBeta * std::sqrt(1 - relative * relative))
                 : 0;
    }
    const double gain = std::accumulate(filter.begin(), filter.end(), 0.0);
    std::transform(filter.begin(), filter.end(), table.begin() + static_cast<ptrdiff_t>(phase) * taps,
                   [gain](double value) { return static_cast<float>(value / gain); });
  }
  return table;
}

#if defined(__x86_64__) && defined(__linux__)
[[gnu::target_clones("avx2", "default")]]
#endif
float dot(const float* a, const float* b, int count) {
  // Fixed lanes, so that every instruction set adds in the same order.
  float lanes[kLanes] = {};
  for (int i = 0; i < count; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  }
  return ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
}

}  // namespace

Resampler::Resampler(int source_rate, int target_rate) {
  const int divisor = std::gcd(source_rate, target_rate);
  step_ = source_rate / divisor;
  denominator_ = target_rate / divisor;
  const double bandwidth = std::min(1.0, static_cast<double>(target_rate) / source_rate);
  const int lanes_per_half = kLanes / 2;
  const int half = static_cast<int>(std::ceil(kZeroCrossings / bandwidth));
  half_taps_ = (half + lanes_per_half - 1) / lanes_per_half * lanes_per_half;
  table_phases_ = static_cast<int>(std::min<int64_t>(denominator_, kMaxPhases));
  table_ = build_table(table_phases_, half_taps_, bandwidth);
  history_.assign(half_taps_ - 1, 0.0f);
  history_start_ = -(half_taps_ - 1);
}

void Resampler::push(const float* samples, size_t count, std::vector<float>& out) {
  history_.insert(history_.end(), samples, samples + count);
  received_ += static_cast<int64_t>(count);
  const int64_t history_end = history_start_ + static_cast<int64_t>(history_.size());
  while (next_whole_ + half_taps_ < history_end) {
    const auto first = static_cast<size_t>(next_whole_ - (half_taps_ - 1) - history_start_);
    out.push_back(sample_at(first, next_fraction_));
    ++produced_;
    next_fraction_ += step_;
    next_whole_ += next_fraction_ / denominator_;
    next_fraction_ %= denominator_;
  }
  const int64_t unneeded = std::min(next_whole_ - (half_taps_ - 1), history_end) - history_start_;
  history_.erase(history_.begin(), history_.begin() + unneeded);
  history_start_ += unneeded;
}

void Resampler::finish(std::vector<float>& out) {
  const int64_t total = (received_ * denominator_ + step_ - 1) / step_;
  const size_t before = out.size();
  const int64_t missing = total - produced_;
  const std::vector<float> silence(static_cast<size_t>(half_taps_) + 1, 0.0f);
  push(silence.data(), silence.size(), out);
  out.resize(before + static_cast<size_t>(missing));
}

float Resampler::sample_at(size_t first, int64_t fraction) const {
  const int taps = 2 * half_taps_;
  const float* samples = history_.data() + first;
  if (table_phases_ == denominator_) return dot(samples, table_.data() + fraction * taps, taps);
  const double position = static_cast<double>(fraction) * table_phases_ / static_cast<double>(denominator_);
  const auto phase = static_cast<int64_t>(position);
  const auto weight = static_cast<float>(position - static_cast<double>(phase));
  const float* filter = table_.data() + phase * taps;
  const float low = dot(samples, filter, taps);
  const float high = dot(samples, filter + taps, taps);
  return low + weight * (high - low);
}

}  // namespace hearth::audio
