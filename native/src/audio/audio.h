#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../cancellation.h"

namespace hearth::audio {

constexpr int kSampleRate = 16000;

/// A problem in a recording that the user should know about. What could be read is kept.
struct Warning {
  /// `damaged`, `sound-left-out`, `wrong-length` or `inverted-channels`.
  std::string code;
  /// A sentence for people.
  std::string message;
  std::optional<double> at_seconds = std::nullopt;
  std::optional<int64_t> bytes = std::nullopt;
};

/// For samples where 1 is full scale.
struct Level {
  double mean = 0;  ///< the offset from zero
  double rms = 0;   ///< around the mean
  double peak = 0;  ///< farthest from the mean
};

/// A recording as OpenAI's load_audio returns it: 16 kHz, mono (mean of the channels), 16-bit.
struct Audio {
  std::vector<int16_t> samples;
  std::string container;
  std::string codec;
  int source_sample_rate = 0;
  int source_channels = 0;
  Level level;
  std::vector<Warning> warnings;
};

/// Reads a file that libsndfile supports. Runs on the calling thread and streams, so that only the result is in memory.
/// Throws Error with AUDIO_NEEDS_CONVERSION (for a converter's formats, or data of no known kind), AUDIO_UNSUPPORTED,
/// AUDIO_CORRUPT, AUDIO_EMPTY, AUDIO_TOO_LARGE, FILE_NOT_FOUND, FILE_NOT_PERMITTED, FILE_IS_DIRECTORY,
/// ENGINE_NOT_BUILT, CANCELLED.
Audio decode_audio(const std::string& path, const Cancellation& cancellation);

/// Version of the loaded libsndfile; empty if none could be loaded.
std::string sndfile_version();

}  // namespace hearth::audio
