#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "container.h"
#include "splice.h"

namespace hearth::audio {

/// A place inside a part without sound. A frame here is one sample of every channel.
struct Gap {
  int64_t at_frame;
  int64_t bytes;            ///< that were left out, or 0
  int64_t lost_frames = 0;  ///< with silence in their place
};

/// One recording in a file, which may contain several. It is left out unless `container.reader` is kEngine.
struct Part {
  Container container;
  /// What a decoder should read: the file's own bytes, with corrected lengths where wrong ones would hide sound.
  Splice bytes;
  /// Where it ends in the file.
  int64_t end = 0;
  /// Why the file must once have been longer; empty if it is complete or if that is unknown.
  std::string cut = "";
  /// Minimum number of frames (one sample of every channel) that a complete part decodes to; 0 if unknown.
  int64_t least_frames = 0;
  /// Bytes of sound after the length in the header, which were read too.
  int64_t unclaimed_bytes = 0;
  std::vector<Gap> gaps = {};
};

}  // namespace hearth::audio
