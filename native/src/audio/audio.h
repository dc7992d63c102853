#pragma once

#include <cstdint>
#include <functional>
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
  double claimed_seconds = 0;  ///< as its file says; 0 if it does not, or has several parts
  std::string channel;  ///< what it is called if it is one channel alone; else empty
  Level level;
  std::vector<Warning> warnings;
};

/// Who follows a recording while it is decoded.
struct Followers {
  /// Where others read its samples.
  SoundSoFar& sound;
  /// They hear the sound, each on a thread of its own, and have heard all of it at the end.
  std::vector<Listener> listeners{};
  /// Hears before the first sample what the file is. The samples of `file` are none.
  std::function<void(const Audio& file)> on_opened{};
};

class FileSource;

/// Reads a file that libsndfile supports. Runs on the calling thread and streams, so that only the result is in memory.
/// Apart there is one recording for each channel; the first has the warnings.
/// Throws Error with AUDIO_NEEDS_CONVERSION (for a converter's formats, or data of no known kind), AUDIO_UNSUPPORTED,
/// AUDIO_CORRUPT, AUDIO_EMPTY, AUDIO_TOO_LARGE, ENGINE_NOT_BUILT, CANCELLED.
std::vector<Audio> decode_channels(FileSource& source, const Pace& pace);

/// The same for the mix of its channels, which others follow meanwhile.
Audio decode_mix(FileSource& source, const Pace& pace, const Followers& followers);

/// Version of the loaded libsndfile; empty if none could be loaded.
std::string sndfile_version();

}  // namespace hearth::audio
