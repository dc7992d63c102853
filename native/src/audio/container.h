#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "byte_source.h"

namespace hearth::audio {

/// The layout of a container, as far as needed to tell whether it is complete.
enum class Layout { kRiff, kWave64, kAiff, kCaf, kAu, kFlac, kOgg, kMpeg, kOther };

/// Who can read it: this engine, an external converter, nobody because it is not a recording, or perhaps a converter
/// because we do not know it.
enum class Reader { kEngine, kConverter, kNone, kUnknown };

/// The kind of a file by its content, never by its name.
struct Container {
  /// For use in sentences: `WAV`, `Ogg Opus`, `a PDF document`.
  std::string name;
  Reader reader = Reader::kNone;
  Layout layout = Layout::kOther;
  /// The start of the sound's own bytes: after ID3 tags, or else 0.
  int64_t offset = 0;
  /// A short name for programs (`mp4`) if a converter reads it; empty if unknown.
  std::string format = "";
};

Container identify_container(ByteSource& source);

/// The kind of data at `offset`, by a signature of four bytes or more or by consecutive MPEG frames; otherwise empty.
std::optional<Container> identify_next(ByteSource& source, int64_t offset);

/// Whether `identify_next` knows it.
bool begins_recording(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
