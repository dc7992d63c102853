#pragma once

#include <cstdint>
#include <vector>

#include "byte_source.h"
#include "part.h"

namespace hearth::audio {

/// Appends the links of a chained Ogg file from `container.offset` on; returns their end.
int64_t take_ogg(ByteSource& source, const Container& container, std::vector<Part>& parts);

/// Appends the streams of MPEG frames from `container.offset` on, each with its true number of frames and without the
/// other bytes between them; returns their end.
int64_t take_mpeg(ByteSource& source, const Container& container, std::vector<Part>& parts);

/// The FLAC stream at `container.offset`, up to the next one.
Part take_flac(ByteSource& source, const Container& container);

}  // namespace hearth::audio
