#include "even_level.h"

#include <algorithm>
#include <cmath>

namespace hearth::vad {
namespace {

constexpr int64_t kSecond = 16'000;
constexpr int64_t kChunk = 512;
constexpr float kFullScale = 32'768;
/// A smaller offset (40 dB under full scale), or one below the sound around it, hides no speech.
constexpr float kSmallestOffset = 0.01F;
/// If the loudest second is quieter than 35 dB under full scale, it is amplified to this level.
constexpr float kQuietLevel = 0.0178F;
/// 40 dB: even then, the last bit of silence stays 50 dB under full scale.
constexpr float kLargestGain = 100;

struct Offset {
  float mean;
  bool matters;
};

Offset offset_of(std::span<const int16_t> samples) {
  int64_t sum = 0, squares = 0;
  for (const int64_t sample : samples) {
    sum += sample;
    squares += sample * sample;
  }
  const auto count = static_cast<double>(samples.size());
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / count - mean * mean;
  const bool matters = std::abs(mean) >= kSmallestOffset * kFullScale && mean * mean > variance;
  return {static_cast<float>(mean) / kFullScale, matters};
}

}  // namespace

EvenLevel::EvenLevel(std::span<const int16_t> samples, float heard_level) : samples_(samples), level_(heard_level) {
  const auto count = static_cast<int64_t>(samples.size());
  bool matters = false;
  for (int64_t first = 0; first < count; first += kSecond) {
    const auto offset = offset_of(samples.subspan(first, std::min(kSecond, count - first)));
    offsets_.push_back(offset.mean);
    matters = matters || offset.matters;
  }
  if (!matters) offsets_.clear();

  // For each second, the level that half of it reaches: a click does not count.
  std::vector<float> chunks;
  for (int64_t first = 0; first < count; first += kSecond) {
    chunks.clear();
    const int64_t last = std::min(first + kSecond, count);
    for (int64_t chunk = first; chunk < last; chunk += kChunk) {
      double squares = 0;
      const int64_t end = std::min(chunk + kChunk, last);
      for (int64_t i = chunk; i < end; ++i) squares += static_cast<double>(at(i)) * at(i);
      chunks.push_back(static_cast<float>(std::sqrt(squares / static_cast<double>(end - chunk))));
    }
    const auto middle = chunks.begin() + static_cast<int64_t>(chunks.size() / 2);
    std::nth_element(chunks.begin(), middle, chunks.end());
    level_ = std::max(level_, *middle);
  }
  if (level_ > 0) gain_ = std::clamp(kQuietLevel / level_, 1.0F, kLargestGain);
}

float EvenLevel::at(int64_t index) const {
  if (index < 0 || index >= static_cast<int64_t>(samples_.size())) return 0;
  const float sample = static_cast<float>(samples_[index]) / kFullScale;
  return offsets_.empty() ? sample * gain_ : (sample - offset_at(index)) * gain_;
}

/// Moves from one second's mean to the next between their centres.
float EvenLevel::offset_at(int64_t index) const {
  const double place = static_cast<double>(index - kSecond / 2) / static_cast<double>(kSecond);
  const auto last = static_cast<int64_t>(offsets_.size()) - 1;
  const auto before = std::clamp<int64_t>(static_cast<int64_t>(std::floor(place)), 0, last);
  const auto after = std::min(before + 1, last);
  const auto share = static_cast<float>(std::clamp(place - static_cast<double>(before), 0.0, 1.0));
  return offsets_[before] + share * (offsets_[after] - offsets_[before]);
}

}  // namespace hearth::vad
