#pragma once

#include <cstdint>

#include "byte_source.h"

namespace hearth::audio {

/// Whether the bytes from `offset` on are as evenly spread as those of compressed, encrypted or random data, which
/// samples never are.
bool looks_random(ByteSource& source, int64_t offset);

/// Whether plain text lies at `offset`.
bool looks_like_text(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
