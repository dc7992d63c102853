#include "growing_sound.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "../errors.h"
#include "level.h"
#include "sample_rounding.h"
#include "sound_limits.h"

namespace hearth::audio {
namespace {

template <typename Number>
Number read_number(const uint8_t* bytes) {
  Number number;
  std::memcpy(&number, bytes, sizeof(number));
  return number;
}

float decode_u8(const uint8_t* bytes) { return static_cast<float>(bytes[0] - 128) / 128.0f; }
float decode_s16(const uint8_t* bytes) { return static_cast<float>(read_number<int16_t>(bytes)) / 32768.0f; }
float decode_s24(const uint8_t* bytes) {
  const auto high = static_cast<uint32_t>(bytes[0]) << 8 | static_cast<uint32_t>(bytes[1]) << 16 |
                    static_cast<uint32_t>(bytes[2]) << 24;
  return static_cast<float>(static_cast<int32_t>(high)) / 2147483648.0f;
}
float decode_s32(const uint8_t* bytes) { return static_cast<float>(read_number<int32_t>(bytes)) / 2147483648.0f; }
float decode_f32(const uint8_t* bytes) { return read_number<float>(bytes); }
float decode_f64(const uint8_t* bytes) { return static_cast<float>(read_number<double>(bytes)); }

/// ITU-T G.711.
float decode_mulaw(const uint8_t* bytes) {
  const int code = ~bytes[0] & 0xff;
  const int magnitude = (((code & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
  return static_cast<float>((code & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84) / 32768.0f;
}
float decode_alaw(const uint8_t* bytes) {
  const int code = bytes[0] ^ 0x55;
  const int segment = (code & 0x70) >> 4;
  int magnitude = ((code & 0x0f) << 4) + (segment == 0 ? 8 : 0x108);
  if (segment > 1) magnitude <<= segment - 1;
  return static_cast<float>((code & 0x80) != 0 ? magnitude : -magnitude) / 32768.0f;
}

struct Encoding {
  const char* name;
  int bytes;
  float (*decode)(const uint8_t* bytes);
};

constexpr std::array<Encoding, 8> kEncodings{{{"u8", 1, decode_u8},
                                              {"s16", 2, decode_s16},
                                              {"s24", 3, decode_s24},
                                              {"s32", 4, decode_s32},
                                              {"f32", 4, decode_f32},
                                              {"f64", 8, decode_f64},
                                              {"mulaw", 1, decode_mulaw},
                                              {"alaw", 1, decode_alaw}}};

const Encoding& encoding_of(const std::string& name) {
  const auto found = std::ranges::find_if(kEncodings, [&](const Encoding& each) { return name == each.name; });
  if (found == kEncodings.end()) throw Error("AUDIO_UNSUPPORTED", "Expected samples of a known encoding, got " + name);
  return *found;
}

}  // namespace

GrowingSound::GrowingSound(const SampleFormat& format)
    : format_(format),
      sample_bytes_(encoding_of(format.encoding).bytes),
      decode_(encoding_of(format.encoding).decode),
      mix_((check_sound_limits(format.sample_rate, format.channels, "WAV"), format.channels)) {
  if (format.sample_rate != kSampleRate) resampler_.emplace(format.sample_rate, kSampleRate);
}

void GrowingSound::append(const uint8_t* bytes, size_t count) {
  rest_.insert(rest_.end(), bytes, bytes + count);
  const size_t frame_bytes = static_cast<size_t>(sample_bytes_) * format_.channels;
  const size_t frames = rest_.size() / frame_bytes;
  interleaved_.resize(frames * format_.channels);
  for (size_t i = 0; i < interleaved_.size(); ++i) interleaved_[i] = decode_(rest_.data() + i * sample_bytes_);
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<ptrdiff_t>(frames * frame_bytes));
  mono_.resize(frames);
  mix_.mix(interleaved_.data(), static_cast<int64_t>(frames), mono_.data());
  take(mono_.data(), frames);
}

void GrowingSound::take(const float* mono, size_t count) {
  if (!resampler_) return append_as_int16(mono, count, samples_);
  resampled_.clear();
  resampler_->push(mono, count, resampled_);
  append_as_int16(resampled_.data(), resampled_.size(), samples_);
}

void GrowingSound::finish() {
  if (!resampler_) return;
  resampled_.clear();
  resampler_->finish(resampled_);
  append_as_int16(resampled_.data(), resampled_.size(), samples_);
  resampler_.reset();
}

void GrowingSound::forget(int64_t before) {
  const int64_t count = std::clamp<int64_t>(before - start_, 0, static_cast<int64_t>(samples_.size()));
  samples_.erase(samples_.begin(), samples_.begin() + count);
  start_ += count;
}

Audio GrowingSound::cut(int64_t first, int64_t count) const {
  const int64_t from = std::clamp<int64_t>(first, start_, sample_count());
  const int64_t to = count < sample_count() - first ? std::max(first + count, from) : sample_count();
  Audio audio;
  audio.samples.assign(samples_.begin() + (from - start_), samples_.begin() + (to - start_));
  audio.container = "WAV";
  audio.codec = format_.encoding;
  audio.source_sample_rate = format_.sample_rate;
  audio.source_channels = format_.channels;
  audio.level = measure_level(audio.samples);
  return audio;
}

}  // namespace hearth::audio
