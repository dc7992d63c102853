#include "decode_part.h"

#include <algorithm>
#include <cmath>
#include <memory>
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

/// A mix is kept, or given up for one of the channels, for stretches of this length.
constexpr int64_t kStretchSeconds = 30;
/// A shorter one at the end says little about its channels.
constexpr int64_t kShortestJudgedSeconds = 5;

/// One of the sounds that are made of a part.
struct Source {
  /// Null for the mix.
  std::optional<int> channel;
  std::vector<int16_t>* samples;
  /// Samples at the beginning that are there already.
  size_t known = 0;
  std::optional<Resampler> resampler = std::nullopt;
};

struct Decoding {
  int64_t frames = 0;
  /// The loudest one, if the channels cancel each other out in the mix from the last known sample on.
  std::optional<int> channel_instead = std::nullopt;
};

void append_rounded(const float* values, size_t count, const Followers* followers, Source& source) {
  const size_t known = std::min(count, source.known);
  source.known -= known;
  if (followers != nullptr) followers->sound.make_room(*source.samples, count - known);
  append_as_int16(values + known, count - known, *source.samples);
}

void append(const std::vector<float>& mono, int64_t frames, std::vector<float>& resampled, const Followers* followers,
            Source& source) {
  const auto count = static_cast<size_t>(frames);
  if (!source.resampler) return append_rounded(mono.data(), count, followers, source);
  resampled.clear();
  source.resampler->push(mono.data(), count, resampled);
  append_rounded(resampled.data(), resampled.size(), followers, source);
}

/// Tells those who follow a sound how much of it is decoded for good.
class Progress {
 public:
  Progress(const PartReader& reader, const Followers* followers, const std::vector<int16_t>& samples)
      : file_(reader.file()), followers_(followers), samples_(samples) {}

  /// After some more of a mix; whether it is given up, because its channels cancel each other out in this stretch.
  bool gives_up(ChannelMix& mix, int64_t frames) {
    stretch_frames_ += frames;
    if (file_.channels() > 1 && stretch_frames_ < kStretchSeconds * file_.sample_rate()) return false;
    if (mix.channel_instead()) return true;
    tell();
    mix.begin_again();
    stretch_frames_ = 0;
    is_first_ = false;
    return false;
  }
  /// The same after its end.
  bool gives_up_rest(const ChannelMix& mix) const {
    const bool is_long = stretch_frames_ >= kShortestJudgedSeconds * file_.sample_rate();
    return (is_first_ || is_long) && mix.channel_instead().has_value();
  }
  void tell() const {
    if (followers_ != nullptr) followers_->sound.tell(samples_, samples_.size());
  }

 private:
  const SoundFile& file_;
  const Followers* followers_;
  const std::vector<int16_t>& samples_;
  int64_t stretch_frames_ = 0;
  bool is_first_ = true;
};

void check_length(const std::vector<Source>& sources) {
  int64_t total = 0;
  for (const Source& source : sources) total += static_cast<int64_t>(source.samples->size());
  if (total <= kMaxSamples) return;
  throw Error("AUDIO_TOO_LARGE", sources.size() == 1 ? "Expected at most 24 hours of sound, got more."
                                                     : "Expected at most 24 hours of sound in all channels, got more.");
}

/// Decodes, mixes or picks, resamples and rounds block by block.
Decoding decode_blocks(PartReader& reader, std::vector<Source>& sources, const Pace& pace,
                       const Followers* followers) {
  const int channels = reader.file().channels();
  std::vector<float> interleaved(static_cast<size_t>(kBlockFrames) * channels);
  std::vector<float> mono(kBlockFrames);
  std::vector<float> resampled;
  if (reader.file().sample_rate() != kSampleRate) {
    for (Source& source : sources) source.resampler.emplace(reader.file().sample_rate(), kSampleRate);
  }
  ChannelMix mix(channels);
  Progress progress(reader, followers, *sources.front().samples);
  const bool is_mixed = !sources.front().channel;

  int64_t total_frames = 0;
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
      }
      append(mono, frames, resampled, followers, source);
    }
    check_length(sources);
    if (!is_mixed) {
      progress.tell();
    } else if (progress.gives_up(mix, frames)) {
      return {total_frames, mix.channel_instead()};
    }
  }
  if (is_mixed && progress.gives_up_rest(mix)) return {total_frames, mix.channel_instead()};
  for (Source& source : sources) {
    if (!source.resampler) continue;
    resampled.clear();
    source.resampler->finish(resampled);
    append_rounded(resampled.data(), resampled.size(), followers, source);
  }
  progress.tell();
  return {total_frames};
}

/// A voice for each channel of this part. One that no part before had was silent until here.
std::vector<Source> channel_sources(int channels, size_t start, std::vector<Audio>& voices) {
  while (voices.size() < static_cast<size_t>(channels)) voices.emplace_back().samples.resize(start);
  std::vector<Source> sources;
  for (int channel = 0; channel < channels; ++channel) sources.push_back({.channel = channel, .samples = &voices[channel].samples});
  return sources;
}

void describe(const PartReader& reader, const Part& part, bool are_apart, bool is_only, std::vector<Audio>& voices) {
  const std::vector<std::string> names =
      are_apart ? channel_names(reader.file(), part.container.layout) : std::vector<std::string>{""};
  for (size_t i = 0; i < voices.size(); ++i) {
    Audio& voice = voices[i];
    if (!voice.container.empty()) continue;
    voice.container = part.container.name;
    voice.codec = reader.file().codec();
    voice.source_sample_rate = reader.file().sample_rate();
    voice.source_channels = reader.file().channels();
    const auto claimed_frames = static_cast<double>(is_only ? reader.file().claimed_frames() : 0);
    voice.claimed_seconds = claimed_frames / reader.file().sample_rate();
    voice.channel = names[i];
  }
}

void reserve(const PartReader& reader, const Followers* followers, std::vector<Source>& sources) {
  const double ratio = static_cast<double>(kSampleRate) / reader.file().sample_rate();
  const double expected_samples = static_cast<double>(reader.file().claimed_frames()) * ratio + 1;
  const auto most = static_cast<double>(kMaxReservedSamples) / static_cast<double>(sources.size());
  for (Source& source : sources) {
    const auto count = static_cast<size_t>(std::min(expected_samples, most));
    if (followers == nullptr) source.samples->reserve(count);
    else followers->sound.make_room(*source.samples, count);
  }
}

}  // namespace

void decode_part(Part& part, bool is_only, const Followers* followers, const Pace& pace,
                 std::vector<Audio>& voices) {
  auto reader = std::make_unique<PartReader>(part);
  const int channels = reader->file().channels();
  check_sound_limits(reader->file().sample_rate(), channels, part.container.name);
  const size_t start = voices.front().samples.size();
  const double seconds_before = static_cast<double>(start) / kSampleRate;
  std::vector<Source> sources;
  if (followers == nullptr) {
    sources = channel_sources(channels, start, voices);
  } else {
    sources.push_back({.channel = std::nullopt, .samples = &voices.front().samples});
  }
  describe(*reader, part, followers == nullptr, is_only, voices);
  if (start == 0 && followers != nullptr && followers->on_opened) followers->on_opened(voices.front());
  if (start == 0) reserve(*reader, followers, sources);

  Decoding decoding = decode_blocks(*reader, sources, pace, followers);
  Audio& first = voices.front();
  if (const auto channel = decoding.channel_instead) {
    reader = std::make_unique<PartReader>(part);
    const size_t known = std::max(start, followers->sound.known_count());
    first.samples.resize(known);
    std::vector<Source> loudest{{.channel = channel, .samples = &first.samples, .known = known - start}};
    decoding = decode_blocks(*reader, loudest, pace, followers);
    first.warnings.push_back(describe_inversion(*channel, channels));
  }
  const std::string damage = find_damage(*reader, part, decoding.frames);
  if (decoding.frames == 0 && damage.empty()) {
    throw Error("AUDIO_EMPTY", "Expected sound in the " + part.container.name + " recording, got 0 samples.");
  }
  if (decoding.frames == 0) {
    throw Error("AUDIO_CORRUPT", "Expected a whole " + part.container.name +
                                     " recording, got one without a readable sample (" + damage + ").");
  }
  for (Audio& voice : voices) voice.samples.resize(first.samples.size());
  const double end_seconds = seconds_before + static_cast<double>(decoding.frames) / reader->file().sample_rate();
  add_warnings(*reader, part, seconds_before, end_seconds, damage, first);
}

}  // namespace hearth::audio
