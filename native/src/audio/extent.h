#pragma once

#include <cstdint>
#include <string>

#include "container.h"
#include "file_source.h"

namespace hearth::audio {

/// What a file's own structure says about its length, which a decoder that meets the end too early does not.
struct Extent {
  /// Why the file must have been longer once; empty for a whole file and where nothing can be told.
  std::string cut;
  /// Frames (one sample of every channel) that a whole file decodes to at least; 0 where nothing can be told.
  int64_t least_frames = 0;
};

Extent measure_extent(FileSource& source, const Container& container);

}  // namespace hearth::audio
