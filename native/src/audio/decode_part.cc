#include "decode_part.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "../errors.h"
#include "channel_mix.h"
#include "part_reader.h"
#include "part_warnings.h"
#include "resampler.h"
#include "sample_rounding.h"
#include "sound_limits.h"

namespace hearth::audio {
namespace {

constexpr int64_t kBlockFrames = 8192;
/// A few megabytes of FLAC can decode to years of silence.
constexpr int64_t kMaxSamples = int64_t{24} * 3600 * kSampleRate;
/// Reserved at once if the header says so. Longer recordings grow as they are read.
constexpr int64_t kMaxReservedSamples = int64_t{4} * 3600 * kSampleRate;

/// Uses one channel if given, otherwise mixes them.
struct Decoding {
  int64_t frames = 0;
  std::optional<int> channel_instead;
};

/// Decodes, mixes, resamples and rounds block by block.
Decoding decode_blocks(PartReader& reader, std::optional<int> channel, const Cancellation& cancellation,
                       std::vector<int16_t>& samples) {
  const int channels = reader.file().channels();
  std::vector<float> interleaved(static_cast<size_t>(kBlockFrames) * channels);
  std::vector<float> mono(kBlockFrames);
  std::vector<float> resampled;
  std::optional<Resampler> resampler;
  if (reader.file().sample_rate() != kSampleRate) resampler.emplace(reader.file().sample_rate(), kSampleRate);
  ChannelMix mix(channels);

  int64_t total_frames = 0;
  while (true) {
    cancellation.check();
    const int64_t frames = reader.read(interleaved.data(), kBlockFrames);
    if (frames <= 0) break;
    total_frames += frames;
    if (channel) {
      mix.pick(interleaved.data(), frames, *channel, mono.data());
    } else {
      mix.mix(interleaved.data(), frames, mono.data());
    }
    if (resampler) {
      resampled.clear();
      resampler->push(mono.data(), static_cast<size_t>(frames), resampled);
      append_as_int16(resampled.data(), resampled.size(), samples);
    } else {
      append_as_int16(mono.data(), static_cast<size_t>(frames), samples);
    }
    if (static_cast<int64_t>(samples.size()) > kMaxSamples) {
      throw Error("AUDIO_TOO_LARGE", "Expected at most 24 hours of sound, got more.");
    }
  }
  if (resampler) {
    resampled.clear();
    resampler->finish(resampled);
    append_as_int16(resampled.data(), resampled.size(), samples);
  }
  return {total_frames, channel ? std::nullopt : mix.channel_instead()};
}

}  // namespace

void decode_part(Part& part, const Cancellation& cancellation, Audio& audio) {
  PartReader reader(part);
  check_sound_limits(reader.file().sample_rate(), reader.file().channels(), part.container.name);
  const int channels = reader.file().channels();
  const int sample_rate = reader.file().sample_rate();
  const size_t start = audio.samples.size();
  const double seconds_before = static_cast<double>(start) / kSampleRate;
  if (start == 0) {
    audio.container = part.container.name;
    audio.codec = reader.file().codec();
    audio.source_sample_rate = sample_rate;
    audio.source_channels = channels;
    const double ratio = static_cast<double>(kSampleRate) / sample_rate;
    const double expected_samples = static_cast<double>(reader.file().claimed_frames()) * ratio + 1;
    audio.samples.reserve(static_cast<size_t>(std::min<double>(expected_samples, kMaxReservedSamples)));
  }

  const Decoding decoding = decode_blocks(reader, std::nullopt, cancellation, audio.samples);
  const std::string damage = find_damage(reader, part, decoding.frames);
  if (decoding.frames == 0 && damage.empty()) {
    throw Error("AUDIO_EMPTY", "Expected sound in the " + part.container.name + " recording, got 0 samples.");
  }
  if (decoding.frames == 0) {
    throw Error("AUDIO_CORRUPT", "Expected a whole " + part.container.name +
                                     " recording, got one without a readable sample (" + damage + ").");
  }
  if (decoding.channel_instead) {
    PartReader again(part);
    audio.samples.resize(start);
    decode_blocks(again, decoding.channel_instead, cancellation, audio.samples);
    audio.warnings.push_back(describe_inversion(*decoding.channel_instead, channels));
  }
  const double end_seconds = seconds_before + static_cast<double>(decoding.frames) / sample_rate;
  add_warnings(reader, part, seconds_before, end_seconds, damage, audio);
}

}  // namespace hearth::audio
