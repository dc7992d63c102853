#pragma once

#include <cstdint>
#include <string>

#include "byte_source.h"
#include "chunks.h"

namespace hearth::audio {

/// Sound in a container as the container's header describes it.
struct ClaimedSound {
  int64_t start;
  /// Bytes; negative or 0 for what was never written down.
  int64_t claimed_bytes;
  /// Bytes of one frame, 1 where unknown.
  int64_t frame_bytes = 1;
  /// The file ends where the container's outer length says, so that no sound is missing.
  bool is_whole = false;
  /// How chunks behind the sound are laid out.
  ChunkLayout layout;
};

/// The length that sound has by what lies behind it, whatever its header says.
struct SoundLength {
  int64_t bytes = 0;
  /// Where the chunks behind the sound end.
  int64_t end = 0;
  /// Why the file must have been longer once; empty for a whole one.
  std::string cut = "";
  /// Of `bytes`, those behind a claimed length that was wrong.
  int64_t unclaimed_bytes = 0;
};

SoundLength measure_sound(ByteSource& source, const ClaimedSound& sound);

}  // namespace hearth::audio
