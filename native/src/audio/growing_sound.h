#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audio.h"
#include "channel_mix.h"
#include "resampler.h"

namespace hearth::audio {

/// How the bytes of a sound are samples: little endian, channels interleaved.
struct SampleFormat {
  /// `u8`, `s16`, `s24`, `s32`, `f32`, `f64`, `mulaw` or `alaw`.
  std::string encoding;
  int sample_rate;
  int channels;
};

/// Sound that is still coming, converted as a file of the same samples is: 16 kHz, mono (mean of the channels), 16-bit.
/// The sizes of its pieces do not change the result.
class GrowingSound {
 public:
  /// Throws AUDIO_UNSUPPORTED for a format that no file may have either.
  explicit GrowingSound(const SampleFormat& format);

  /// Takes any number of bytes; a frame that is not whole waits for its rest.
  void append(const uint8_t* bytes, size_t count);
  /// No more comes: gives the last samples that waited for it.
  void finish();
  /// Samples so far, forgotten ones included.
  int64_t sample_count() const { return start_ + static_cast<int64_t>(samples_.size()); }
  /// Gives up the samples before one.
  void forget(int64_t before);
  /// A copy of `[first, first + count)`, as far as it is there, as a recording of its own.
  Audio cut(int64_t first, int64_t count) const;

 private:
  void take(const float* mono, size_t count);

  SampleFormat format_;
  int sample_bytes_;
  float (*decode_)(const uint8_t* bytes);
  ChannelMix mix_;
  std::optional<Resampler> resampler_;
  std::vector<uint8_t> rest_;  ///< of a frame
  std::vector<float> interleaved_, mono_, resampled_;
  std::vector<int16_t> samples_;
  int64_t start_ = 0;  ///< index of samples_[0]
};

}  // namespace hearth::audio
