#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "listening.h"
#include "right_of_way.h"

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

/// A recording as OpenAI's load_audio returns it: 16 kHz, mono (mean of the channels), 16-bit. Or one channel alone.
struct Audio {
  std::vector<int16_t> samples;
  std::string container;
  std::string codec;
  int source_sample_rate = 0;
  int source_channels = 0;
  std::string channel;  ///< what it is called if it is one channel alone; else empty
  Level level;
  std::vector<Warning> warnings;
};

/// What becomes of the channels: their mean, or a recording of each.
enum class Channels { kMixed, kApart };

class FileSource;

/// Reads a file that libsndfile supports. Runs on the calling thread and streams, so that only the result is in memory.
/// Mixed it is one recording. Apart there is one for each channel; the first has the warnings.
/// Throws Error with AUDIO_NEEDS_CONVERSION (for a converter's formats, or data of no known kind), AUDIO_UNSUPPORTED,
/// AUDIO_CORRUPT, AUDIO_EMPTY, AUDIO_TOO_LARGE, ENGINE_NOT_BUILT, CANCELLED.
/// `listeners` hear the mix meanwhile, each on a thread of its own, and have heard all of it when this returns.
std::vector<Audio> decode_audio(FileSource& source, Channels channels, const Pace& pace,
                                std::vector<Listener> listeners = {});

/// Version of the loaded libsndfile; empty if none could be loaded.
std::string sndfile_version();

}  // namespace hearth::audio
