#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "byte_source.h"

namespace hearth::audio {

/// How a container is laid out, as far as its completeness can be told.
enum class Layout { kRiff, kWave64, kAiff, kCaf, kAu, kFlac, kOgg, kMpeg, kOther };

/// Who can read it: this engine, a converter outside it, nobody because it is no recording, or perhaps a converter
/// because it is nothing that we know.
enum class Reader { kEngine, kConverter, kNone, kUnknown };

/// What a file is by its content, never by its name.
struct Container {
  /// As used in sentences: `WAV`, `Ogg Opus`, `a PDF document`.
  std::string name;
  Reader reader = Reader::kNone;
  Layout layout = Layout::kOther;
  /// Where the sound's own bytes begin: behind ID3 tags, else 0.
  int64_t offset = 0;
  /// A short name for programs (`mp4`), where a converter reads it; empty where nothing is known.
  std::string format = "";
};

Container identify_container(ByteSource& source);

/// What begins at `offset`, known by a signature of four bytes or more or by MPEG frames in a row; empty for the rest.
std::optional<Container> identify_next(ByteSource& source, int64_t offset);

/// Whether `identify_next` knows it.
bool begins_recording(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
