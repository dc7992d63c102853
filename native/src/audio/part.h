#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "container.h"
#include "splice.h"

namespace hearth::audio {

/// A place in the middle of a part that is no sound. A frame here is one sample of every channel.
struct Gap {
  int64_t at_frame;
  int64_t bytes;            ///< that were left out, or 0
  int64_t lost_frames = 0;  ///< with silence in their place
};

/// One recording in a file, which may hold several in a row. Where `container.reader` is not kEngine, it is left out.
struct Part {
  Container container;
  /// What a decoder shall read: the file's own bytes, with lengths put right where they hide what it holds.
  Splice bytes;
  /// Where it ends in the file.
  int64_t end = 0;
  /// Why the file must have been longer once; empty for a whole one and where nothing can be told.
  std::string cut = "";
  /// Frames (one sample of every channel) that a whole part decodes to at least; 0 where nothing can be told.
  int64_t least_frames = 0;
  /// Bytes of sound behind the length that the header gives, which were read all the same.
  int64_t unclaimed_bytes = 0;
  std::vector<Gap> gaps = {};
};

}  // namespace hearth::audio
