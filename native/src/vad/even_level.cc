#include "even_level.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace hearth::vad {
namespace {

constexpr int64_t kSecond = 16'000;  ///< in samples
constexpr int64_t kChunk = 512;
constexpr float kFullScale = 32'768;
/// A smaller offset (40 dB under full scale), or one below the sound around it, hides no speech.
constexpr float kSmallestOffset = 0.01F;
/// If the loudest second is quieter than 35 dB under full scale, it is amplified to this level.
constexpr float kQuietLevel = 0.0178F;
/// 40 dB: even then, the last bit of silence stays 50 dB under full scale.
constexpr float kLargestGain = 100;

/// The level that half of a second reaches: a click does not count. `at` gives samples from -1 to 1.
template <typename At>
float half_level(int64_t first, int64_t last, const At& at) {
  std::vector<float> chunks;
  for (int64_t chunk = first; chunk < last; chunk += kChunk) {
    double squares = 0;
    const int64_t end = std::min(chunk + kChunk, last);
    for (int64_t i = chunk; i < end; ++i) squares += static_cast<double>(at(i)) * at(i);
    chunks.push_back(static_cast<float>(std::sqrt(squares / static_cast<double>(end - chunk))));
  }
  const auto middle = chunks.begin() + static_cast<int64_t>(chunks.size() / 2);
  std::nth_element(chunks.begin(), middle, chunks.end());
  return *middle;
}

}  // namespace

void EvenLevel::follow(std::span<const int16_t> samples, bool are_all) {
  samples_ = samples;
  are_all_ = are_all;
  while (true) {
    const auto rest = samples.subspan(std::min<size_t>(samples.size(), offsets_.size() * kSecond));
    if (rest.empty() || (std::ssize(rest) < kSecond && !are_all)) break;
    measure_offset(rest.first(std::min<size_t>(rest.size(), kSecond)));
  }
  const int64_t measured = std::ssize(offsets_);
  // An offset depends on that of the next second, too.
  const auto last = are_all ? measured : std::min(measured, std::max<int64_t>(measured - 1, first_offset_));
  for (; levelled_seconds_ < last; ++levelled_seconds_) measure_level(levelled_seconds_);
}

int64_t EvenLevel::known_count() const {
  if (are_all_) return std::ssize(samples_);
  if (level_ < kQuietLevel) return 0;
  const auto measured = std::ssize(offsets_);
  return measured <= first_offset_ ? measured * kSecond : measured * kSecond - kSecond / 2;
}

float EvenLevel::at(int64_t index) const {
  if (index < 0 || index >= std::ssize(samples_)) return 0;
  return level_ > 0 ? even(index) * std::clamp(kQuietLevel / level_, 1.0F, kLargestGain) : even(index);
}

void EvenLevel::measure_offset(std::span<const int16_t> second) {
  int64_t sum = 0, squares = 0;
  for (const int64_t sample : second) {
    sum += sample;
    squares += sample * sample;
  }
  const auto count = static_cast<double>(second.size());
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / count - mean * mean;
  const bool hides_speech = std::abs(mean) >= kSmallestOffset * kFullScale && mean * mean > variance;
  if (hides_speech) first_offset_ = std::min(first_offset_, static_cast<int64_t>(std::ssize(offsets_)));
  offsets_.push_back(static_cast<float>(mean) / kFullScale);
}

void EvenLevel::measure_level(int64_t second) {
  const int64_t end = std::min<int64_t>((second + 1) * kSecond, std::ssize(samples_));
  level_ = std::max(level_, half_level(second * kSecond, end, [this](int64_t index) { return even(index); }));
}

float EvenLevel::even(int64_t index) const {
  const float sample = static_cast<float>(samples_[index]) / kFullScale;
  return index / kSecond < first_offset_ ? sample : sample - offset_at(index);
}

/// Moves from one second's mean to the next between their centres.
float EvenLevel::offset_at(int64_t index) const {
  const double place = static_cast<double>(index - kSecond / 2) / static_cast<double>(kSecond);
  const auto last = static_cast<int64_t>(std::ssize(offsets_)) - 1;
  const auto before = std::clamp(static_cast<int64_t>(std::floor(place)), first_offset_, last);
  const auto after = std::min(before + 1, last);
  const auto share = static_cast<float>(std::clamp(place - static_cast<double>(before), 0.0, 1.0));
  return offsets_[before] + share * (offsets_[after] - offsets_[before]);
}

}  // namespace hearth::vad
