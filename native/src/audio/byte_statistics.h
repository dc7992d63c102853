#pragma once

#include <cstdint>

#include "byte_source.h"

namespace hearth::audio {

/// Whether the bytes from `offset` on are as evenly distributed as compressed, encrypted or random data. Samples never
/// are.
bool looks_random(ByteSource& source, int64_t offset);

/// Whether there is plain text at `offset`.
bool looks_like_text(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
