#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "container.h"
#include "file_source.h"

namespace hearth::audio {

/// Bytes to be read in place of the file's own, where a length in its header hides what it holds.
struct Correction {
  int64_t offset;
  std::vector<uint8_t> bytes;
};

/// What a file's own structure says about its length, which a decoder that meets the end too early does not.
struct Extent {
  /// Why the file must have been longer once; empty for a whole file and where nothing can be told.
  std::string cut;
  /// Frames (one sample of every channel) that a whole file decodes to at least; 0 where nothing can be told.
  int64_t least_frames = 0;
  /// Lets a cut or never finished recording be decoded as far as it goes.
  std::optional<Correction> length_correction = std::nullopt;
};

Extent measure_extent(FileSource& source, const Container& container);

}  // namespace hearth::audio
