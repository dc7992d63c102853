#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../errors.h"
#include "audio.h"
#include "container.h"
#include "decode_part.h"
#include "file_source.h"
#include "level.h"
#include "listening.h"
#include "part_warnings.h"
#include "split_recording.h"

namespace hearth::audio {
namespace {

[[noreturn]] void throw_unreadable(const FileSource& source, const Container& container) {
  if (source.size() == 0) throw Error("AUDIO_EMPTY", "Expected a recording, got an empty file.");
  if (container.reader == Reader::kConverter || container.reader == Reader::kUnknown) {
    throw Error("AUDIO_NEEDS_CONVERSION", "Expected wav, aiff, caf, au, flac, mp3 or ogg, got " + container.name + ".",
                container.format);
  }
  throw Error("AUDIO_UNSUPPORTED", "Expected a recording, got " + container.name + ".");
}

/// Whether a part with this error may be left out if others can be read.
bool is_of_one_part(const std::string& code) {
  return code == "AUDIO_EMPTY" || code == "AUDIO_CORRUPT" || code == "AUDIO_UNSUPPORTED" ||
         code == "AUDIO_NEEDS_CONVERSION";
}

/// Adds what a file holds to `voices`, the first of which has what all have in common.
void decode_parts(FileSource& source, const Followers* followers, const Pace& pace,
                  std::vector<Audio>& voices) {
  const Container container = identify_container(source);
  if (container.reader != Reader::kEngine) throw_unreadable(source, container);
  std::vector<Part> parts = split_recording(source, container);
  if (parts.front().container.reader != Reader::kEngine) throw_unreadable(source, parts.front().container);

  std::optional<Error> first_error;
  for (Part& part : parts) {
    const double at_seconds = static_cast<double>(voices.front().samples.size()) / kSampleRate;
    if (part.container.reader != Reader::kEngine) {
      voices.front().warnings.push_back(describe_left_out(part, at_seconds));
      continue;
    }
    try {
      decode_part(part, parts.size() == 1, followers, pace, voices);
    } catch (const Error& error) {
      const bool is_first = &part == &parts.front();
      const bool needs_converter = is_first && error.code() == "AUDIO_NEEDS_CONVERSION";
      if (parts.size() == 1 || needs_converter || !is_of_one_part(error.code())) throw;
      if (!first_error) first_error = error;
      if (error.code() != "AUDIO_EMPTY") voices.front().warnings.push_back(describe_left_out(part, at_seconds));
    }
  }
  if (voices.front().samples.empty() && first_error) throw *first_error;
}

}  // namespace

std::vector<Audio> decode_channels(FileSource& source, const Pace& pace) {
  std::vector<Audio> voices(1);
  decode_parts(source, nullptr, pace, voices);
  for (Audio& voice : voices) voice.level = measure_level(voice.samples);
  return voices;
}

Audio decode_mix(FileSource& source, const Pace& pace, const Followers& followers) {
  std::vector<Audio> voices(1);
  Listening listening(followers.listeners, followers.sound, pace);  // ends before the samples
  decode_parts(source, &followers, pace, voices);
  Audio& mix = voices.front();
  followers.sound.end(mix.samples);
  mix.level = measure_level(mix.samples);
  listening.wait();
  return std::move(mix);
}

}  // namespace hearth::audio
