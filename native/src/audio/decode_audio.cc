#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "../errors.h"
#include "audio.h"
#include "container.h"
#include "extent.h"
#include "file_source.h"
#include "level.h"
#include "resampler.h"
#include "sound_file.h"

namespace hearth::audio {
namespace {

constexpr int kMinSampleRate = 1000;
constexpr int kMaxSampleRate = 768000;
constexpr int kMaxChannels = 64;
constexpr int64_t kBlockFrames = 8192;
/// A few megabytes of FLAC can claim, and decode to, years of silence.
constexpr int64_t kMaxSamples = int64_t{24} * 3600 * kSampleRate;
/// Reserved at once on the header's word; longer recordings grow as they prove themselves.
constexpr int64_t kMaxReservedSamples = int64_t{4} * 3600 * kSampleRate;
constexpr std::chrono::milliseconds kProgressInterval{100};

[[noreturn]] void throw_unreadable(const FileSource& source, const Container& container) {
  if (source.size() == 0) throw Error("AUDIO_EMPTY", "Expected a recording, got an empty file.");
  if (container.reader == Reader::kConverter || container.reader == Reader::kUnknown) {
    throw Error("AUDIO_NEEDS_CONVERSION", "Expected wav, aiff, caf, au, flac, mp3 or ogg, got " + container.name + ".",
                container.format);
  }
  throw Error("AUDIO_UNSUPPORTED", "Expected a recording, got " + container.name + ".");
}

void check_limits(const SoundFile& file, const Container& container) {
  if (file.sample_rate() < kMinSampleRate || file.sample_rate() > kMaxSampleRate) {
    throw Error("AUDIO_UNSUPPORTED", "Expected a sample rate of " + std::to_string(kMinSampleRate) + " to " +
                                         std::to_string(kMaxSampleRate) + " Hz in " + container.name + ", got " +
                                         std::to_string(file.sample_rate()) + " Hz.");
  }
  if (file.channels() < 1 || file.channels() > kMaxChannels) {
    throw Error("AUDIO_UNSUPPORTED", "Expected 1 to " + std::to_string(kMaxChannels) + " channels in " +
                                         container.name + ", got " + std::to_string(file.channels()) + ".");
  }
}

void mix_to_mono(const float* interleaved, int64_t frames, int channels, float* mono) {
  for (int64_t frame = 0; frame < frames; ++frame) {
    float sum = 0;
    for (int channel = 0; channel < channels; ++channel) sum += interleaved[frame * channels + channel];
    const float mean = sum / static_cast<float>(channels);
    // One such value in a float recording would silence everything that the filter mixes it with.
    mono[frame] = std::isfinite(mean) ? mean : 0.0f;
  }
}

void append_as_int16(const float* values, size_t count, std::vector<int16_t>& samples) {
  for (size_t i = 0; i < count; ++i) {
    const float scaled = std::clamp(values[i] * 32768.0f, -32768.0f, 32767.0f);
    samples.push_back(static_cast<int16_t>(std::lrint(scaled)));
  }
}

class ProgressReport {
 public:
  ProgressReport(const DecodeRequest& request, const SoundFile& file)
      : request_(request),
        rate_(file.sample_rate()),
        total_seconds_(file.claimed_frames() > 0 ? file.claimed_frames() / rate_ : -1) {}

  void say(int64_t frames) {
    const auto now = std::chrono::steady_clock::now();
    if (!request_.on_progress || now - last_ < kProgressInterval) return;
    last_ = now;
    request_.on_progress(static_cast<double>(frames) / rate_, total_seconds_);
  }

 private:
  const DecodeRequest& request_;
  double rate_;
  double total_seconds_;
  std::chrono::steady_clock::time_point last_;  // long ago, so that the first block is reported
};

/// Decodes, mixes, resamples and rounds block by block; returns how many source frames there were.
int64_t decode_blocks(const DecodeRequest& request, SoundFile& file, std::vector<int16_t>& samples) {
  std::vector<float> interleaved(static_cast<size_t>(kBlockFrames) * file.channels());
  std::vector<float> mono(kBlockFrames);
  std::vector<float> resampled;
  std::optional<Resampler> resampler;
  if (file.sample_rate() != kSampleRate) resampler.emplace(file.sample_rate(), kSampleRate);
  ProgressReport progress(request, file);

  int64_t total_frames = 0;
  while (true) {
    if (request.cancellation != nullptr) request.cancellation->check();
    const int64_t frames = file.read(interleaved.data(), kBlockFrames);
    if (frames <= 0) break;
    total_frames += frames;
    mix_to_mono(interleaved.data(), frames, file.channels(), mono.data());
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
    progress.say(total_frames);
  }
  if (resampler) {
    resampled.clear();
    resampler->finish(resampled);
    append_as_int16(resampled.data(), resampled.size(), samples);
  }
  return total_frames;
}

std::string seconds_text(double seconds) {
  const auto tenths = static_cast<int64_t>(std::llround(seconds * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// Why the sound ended too early; empty when it did not.
std::string find_damage(const SoundFile& file, const Extent& extent, int64_t frames) {
  const double rate = file.sample_rate();
  const double at_seconds = static_cast<double>(frames) / rate;
  if (!extent.cut.empty()) return extent.cut;
  const int64_t expected = std::max(extent.least_frames, file.is_mpeg() ? 0 : file.claimed_frames());
  if (frames < expected) {
    return "only " + seconds_text(at_seconds) + " of the promised " +
           seconds_text(static_cast<double>(expected) / rate) + " could be read";
  }
  return file.failure();
}

Warning describe_damage(const std::string& reason, double at_seconds) {
  return {"damaged",
          "The recording is damaged after " + seconds_text(at_seconds) + ": " + reason +
              ". What came before was transcribed.",
          at_seconds};
}

}  // namespace

Audio decode_audio(const DecodeRequest& request) {
  FileSource source(request.path);
  const Container container = identify_container(source);
  if (container.reader != Reader::kEngine) throw_unreadable(source, container);
  const Extent extent = measure_extent(source, container);
  SoundFile file(source, container, extent.length_correction);
  check_limits(file, container);

  Audio audio;
  audio.container = container.name;
  audio.codec = file.codec();
  audio.source_sample_rate = file.sample_rate();
  audio.source_channels = file.channels();
  const double ratio = static_cast<double>(kSampleRate) / file.sample_rate();
  const double expected_samples = static_cast<double>(file.claimed_frames()) * ratio + 1;
  audio.samples.reserve(static_cast<size_t>(std::min<double>(expected_samples, kMaxReservedSamples)));

  const int64_t frames = decode_blocks(request, file, audio.samples);
  const std::string damage = find_damage(file, extent, frames);
  if (frames > 0) {
    if (!damage.empty()) {
      audio.warnings.push_back(describe_damage(damage, static_cast<double>(frames) / file.sample_rate()));
    }
    audio.level = measure_level(audio.samples);
    return audio;
  }
  if (damage.empty()) {
    throw Error("AUDIO_EMPTY", "Expected sound in the " + container.name + " recording, got 0 samples.");
  }
  throw Error("AUDIO_CORRUPT", "Expected a whole " + container.name +
                                   " recording, got one without a readable sample (" + damage + ").");
}

}  // namespace hearth::audio
