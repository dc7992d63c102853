#pragma once

#include <cstdint>
#include <optional>

#include "byte_source.h"

namespace hearth::audio {

/// Finds the start of another recording in [start, end), by marks too long to occur in sound by chance.
std::optional<int64_t> find_next_recording(ByteSource& source, int64_t start, int64_t end);

}  // namespace hearth::audio
