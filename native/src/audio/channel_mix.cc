#include "channel_mix.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hearth::audio {
namespace {

/// Share of the energy that unrelated channels would leave in their mean (-20 dB).
constexpr double kLeastEnergy = 0.01;

/// A single NaN in a float recording would silence everything the filter mixes it with.
float finite(float value) { return std::isfinite(value) ? value : 0.0f; }

}  // namespace

void ChannelMix::mix(const float* interleaved, int64_t frames, float* mono) {
  if (channels_ == 1) return pick(interleaved, frames, 0, mono);
  for (int64_t frame = 0; frame < frames; ++frame) {
    float sum = 0;
    for (int channel = 0; channel < channels_; ++channel) sum += interleaved[frame * channels_ + channel];
    mono[frame] = finite(sum / static_cast<float>(channels_));
  }
  for (int64_t frame = 0; frame < frames; ++frame) mix_energy_ += double{mono[frame]} * mono[frame];
  for (int channel = 0; channel < channels_; ++channel) {
    for (int64_t frame = 0; frame < frames; ++frame) {
      const double value = finite(interleaved[frame * channels_ + channel]);
      channel_energy_[channel] += value * value;
    }
  }
}

void ChannelMix::pick(const float* interleaved, int64_t frames, int channel, float* mono) const {
  for (int64_t frame = 0; frame < frames; ++frame) mono[frame] = finite(interleaved[frame * channels_ + channel]);
}

void ChannelMix::begin_again() {
  std::ranges::fill(channel_energy_, 0);
  mix_energy_ = 0;
}

std::optional<int> ChannelMix::channel_instead() const {
  const double sum = std::accumulate(channel_energy_.begin(), channel_energy_.end(), 0.0);
  const double uncorrelated = sum / (static_cast<double>(channels_) * channels_);
  if (channels_ == 1 || sum == 0 || mix_energy_ >= kLeastEnergy * uncorrelated) return std::nullopt;
  const auto loudest = std::max_element(channel_energy_.begin(), channel_energy_.end());
  return static_cast<int>(loudest - channel_energy_.begin());
}

}  // namespace hearth::audio
