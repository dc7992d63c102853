#include "level.h"

#include <algorithm>
#include <cmath>

namespace hearth::audio {

Level measure_level(const std::vector<int16_t>& samples) {
  if (samples.empty()) return {};
  constexpr double kFullScale = 32768;
  int64_t sum = 0;
  int64_t sum_of_squares = 0;  // a day of full scale is 1.5e18, which fits
  for (const int64_t sample : samples) {
    sum += sample;
    sum_of_squares += sample * sample;
  }
  const auto [lowest, highest] = std::minmax_element(samples.begin(), samples.end());
  const auto count = static_cast<double>(samples.size());
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(sum_of_squares) / count - mean * mean;
  const double peak = std::max(*highest - mean, mean - *lowest);
  return {mean / kFullScale, std::sqrt(std::max(variance, 0.0)) / kFullScale, peak / kFullScale};
}

}  // namespace hearth::audio
