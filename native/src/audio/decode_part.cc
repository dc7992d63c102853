#include "decode_part.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "../errors.h"
#include "channel_mix.h"
#include "channel_names.h"
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

/// One of the sounds that are made of a part.
struct Source {
  /// Null for the mix.
  std::optional<int> channel;
  std::vector<int16_t>* samples;
  std::optional<Resampler> resampler = std::nullopt;
};

struct Decoding {
  int64_t frames = 0;
  /// The loudest one, if the channels cancel each other out in the mix.
  std::optional<int> channel_instead;
};

void append_rounded(const float* values, size_t count, Listening& listening, std::vector<int16_t>& samples) {
  listening.make_room(samples, count);
  append_as_int16(values, count, samples);
  listening.tell(samples);
}

void append(const std::vector<float>& mono, int64_t frames, std::vector<float>& resampled, Listening& listening,
            Source& source) {
  const auto count = static_cast<size_t>(frames);
  if (!source.resampler) return append_rounded(mono.data(), count, listening, *source.samples);
  resampled.clear();
  source.resampler->push(mono.data(), count, resampled);
  append_rounded(resampled.data(), resampled.size(), listening, *source.samples);
}

void check_length(const std::vector<Source>& sources) {
  int64_t total = 0;
  for (const Source& source : sources) total += static_cast<int64_t>(source.samples->size());
  if (total <= kMaxSamples) return;
  throw Error("AUDIO_TOO_LARGE", sources.size() == 1 ? "Expected at most 24 hours of sound, got more."
                                                     : "Expected at most 24 hours of sound in all channels, got more.");
}

/// Decodes, mixes or picks, resamples and rounds block by block.
Decoding decode_blocks(PartReader& reader, std::vector<Source>& sources, const Pace& pace,
                       Listening& listening) {
  const int channels = reader.file().channels();
  std::vector<float> interleaved(static_cast<size_t>(kBlockFrames) * channels);
  std::vector<float> mono(kBlockFrames);
  std::vector<float> resampled;
  if (reader.file().sample_rate() != kSampleRate) {
    for (Source& source : sources) source.resampler.emplace(reader.file().sample_rate(), kSampleRate);
  }
  ChannelMix mix(channels);

  int64_t total_frames = 0;
  bool is_mixed = false;
  while (true) {
    pace.next_step();
    const int64_t frames = reader.read(interleaved.data(), kBlockFrames);
    if (frames <= 0) break;
    total_frames += frames;
    for (Source& source : sources) {
      if (source.channel) {
        mix.pick(interleaved.data(), frames, *source.channel, mono.data());
      } else {
        mix.mix(interleaved.data(), frames, mono.data());
        is_mixed = true;
      }
      append(mono, frames, resampled, listening, source);
    }
    check_length(sources);
  }
  for (Source& source : sources) {
    if (!source.resampler) continue;
    resampled.clear();
    source.resampler->finish(resampled);
    append_rounded(resampled.data(), resampled.size(), listening, *source.samples);
  }
  return {total_frames, is_mixed ? mix.channel_instead() : std::nullopt};
}

/// A voice for each channel of this part. One that no part before had was silent until here.
std::vector<Source> channel_sources(int channels, size_t start, std::vector<Audio>& voices) {
  while (voices.size() < static_cast<size_t>(channels)) voices.emplace_back().samples.resize(start);
  std::vector<Source> sources;
  for (int channel = 0; channel < channels; ++channel) sources.push_back({channel, &voices[channel].samples});
  return sources;
}

void describe(const PartReader& reader, const Part& part, Channels channels, std::vector<Audio>& voices) {
  const std::vector<std::string> names =
      channels == Channels::kApart ? channel_names(reader.file(), part.container.layout) : std::vector<std::string>{""};
  for (size_t i = 0; i < voices.size(); ++i) {
    Audio& voice = voices[i];
    if (!voice.container.empty()) continue;
    voice.container = part.container.name;
    voice.codec = reader.file().codec();
    voice.source_sample_rate = reader.file().sample_rate();
    voice.source_channels = reader.file().channels();
    voice.channel = names[i];
  }
}

void reserve(const PartReader& reader, Listening& listening, std::vector<Source>& sources) {
  const double ratio = static_cast<double>(kSampleRate) / reader.file().sample_rate();
  const double expected_samples = static_cast<double>(reader.file().claimed_frames()) * ratio + 1;
  const auto most = static_cast<double>(kMaxReservedSamples) / static_cast<double>(sources.size());
  for (Source& source : sources) {
    listening.make_room(*source.samples, static_cast<size_t>(std::min(expected_samples, most)));
  }
}

}  // namespace

void decode_part(Part& part, Channels channels, const Pace& pace, Listening& listening,
                 std::vector<Audio>& voices) {
  PartReader reader(part);
  check_sound_limits(reader.file().sample_rate(), reader.file().channels(), part.container.name);
  const size_t start = voices.front().samples.size();
  const double seconds_before = static_cast<double>(start) / kSampleRate;
  std::vector<Source> sources;
  if (channels == Channels::kApart) {
    sources = channel_sources(reader.file().channels(), start, voices);
  } else {
    sources.push_back({std::nullopt, &voices.front().samples});
  }
  describe(reader, part, channels, voices);
  if (start == 0) reserve(reader, listening, sources);

  const Decoding decoding = decode_blocks(reader, sources, pace, listening);
  Audio& first = voices.front();
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
    listening.take_back(first.samples, start);
    std::vector<Source> loudest{{decoding.channel_instead, &first.samples}};
    decode_blocks(again, loudest, pace, listening);
    first.warnings.push_back(describe_inversion(*decoding.channel_instead, reader.file().channels()));
  }
  for (Audio& voice : voices) voice.samples.resize(first.samples.size());
  const double end_seconds = seconds_before + static_cast<double>(decoding.frames) / reader.file().sample_rate();
  add_warnings(reader, part, seconds_before, end_seconds, damage, first);
}

}  // namespace hearth::audio
