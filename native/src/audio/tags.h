#pragma once

#include <cstdint>

#include "byte_source.h"

namespace hearth::audio {

/// The end of the ID3v1, ID3v2 or APE tag at `offset`; `offset` if there is none.
int64_t skip_tag(ByteSource& source, int64_t offset);

/// The end of all consecutive tags from `offset` on.
int64_t skip_tags(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
