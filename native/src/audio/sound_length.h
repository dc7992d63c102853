#pragma once

#include <cstdint>
#include <string>

#include "byte_source.h"
#include "chunks.h"

namespace hearth::audio {

/// Sound in a container, as the container's header describes it.
struct ClaimedSound {
  int64_t start;
  /// Bytes; negative or 0 if the length was never written.
  int64_t claimed_bytes;
  /// Bytes per frame, 1 if unknown.
  int64_t frame_bytes = 1;
  /// The file ends where the container's outer length says, so no sound is missing.
  bool is_whole = false;
  /// The layout of chunks after the sound.
  ChunkLayout layout;
};

/// The real length of the sound according to what follows it, whatever its header says.
struct SoundLength {
  int64_t bytes = 0;
  /// Where the chunks after the sound end.
  int64_t end = 0;
  /// Why the file must once have been longer; empty if it is complete.
  std::string cut = "";
  /// The part of `bytes` after a claimed length that was wrong.
  int64_t unclaimed_bytes = 0;
};

SoundLength measure_sound(ByteSource& source, const ClaimedSound& sound);

}  // namespace hearth::audio
