#pragma once

#include <cstdint>

#include "byte_source.h"

namespace hearth::audio {

/// Where the ID3v1, ID3v2 or APE tag at `offset` ends; `offset` where there is none.
int64_t skip_tag(ByteSource& source, int64_t offset);

/// Where all tags in a row from `offset` on end.
int64_t skip_tags(ByteSource& source, int64_t offset);

}  // namespace hearth::audio
