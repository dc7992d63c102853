#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace hearth::audio {

/// Mixes interleaved channels into one, and compares the mix with the channels.
class ChannelMix {
 public:
  explicit ChannelMix(int channels) : channels_(channels), channel_energy_(channels, 0) {}

  /// The mean of the channels.
  void mix(const float* interleaved, int64_t frames, float* mono);
  /// One channel alone.
  void pick(const float* interleaved, int64_t frames, int channel, float* mono) const;
  /// Forgets what was mixed so far.
  void begin_again();
  /// The loudest channel, if the channels mixed so far cancel each other out, for example because one is inverted.
  std::optional<int> channel_instead() const;

 private:
  int channels_;
  std::vector<double> channel_energy_;
  double mix_energy_ = 0;
};

}  // namespace hearth::audio
