#include "even_level.h"

#include <algorithm>
#include <cmath>

namespace hearth::vad {
namespace {

constexpr int64_t kSecond = LevelMeter::kSecond;
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

bool LevelMeter::is_loud() const { return level_ >= kQuietLevel; }

void LevelMeter::add(std::span<const int16_t> second) {
  int64_t sum = 0, squares = 0;
  for (const int64_t sample : second) {
    sum += sample;
    squares += sample * sample;
  }
  const auto count = static_cast<double>(second.size());
  const double mean = static_cast<double>(sum) / count;
  const double variance = static_cast<double>(squares) / count - mean * mean;
  offsets_.push_back(static_cast<float>(mean) / kFullScale);
  has_offset_ = has_offset_ || (std::abs(mean) >= kSmallestOffset * kFullScale && mean * mean > variance);
  const auto at = [&](int64_t index) { return static_cast<float>(second[index]) / kFullScale; };
  level_ = std::max(level_, half_level(0, static_cast<int64_t>(second.size()), at));
  sample_count_ += static_cast<int64_t>(second.size());
}

EvenLevel::EvenLevel(std::span<const int16_t> samples, float heard_level) : samples_(samples) {
  const auto count = static_cast<int64_t>(samples.size());
  LevelMeter meter(heard_level);
  for (int64_t first = 0; first < count; first += kSecond) {
    meter.add(samples.subspan(first, std::min(kSecond, count - first)));
  }
  level_ = meter.level();
  if (meter.has_offset()) {
    offsets_ = meter.offsets();
    level_ = heard_level;
    for (int64_t first = 0; first < count; first += kSecond) {
      level_ = std::max(level_, half_level(first, std::min(first + kSecond, count), [this](int64_t i) { return at(i); }));
    }
  }
  if (level_ > 0) gain_ = std::clamp(kQuietLevel / level_, 1.0F, kLargestGain);
}

EvenLevel EvenLevel::as_they_are(std::span<const int16_t> samples) {
  EvenLevel level;
  level.samples_ = samples;
  return level;
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
