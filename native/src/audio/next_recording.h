#pragma once

#include <cstdint>
#include <optional>

#include "byte_source.h"

namespace hearth::audio {

/// Where another recording begins in [start, end), by marks that are too long to be met by chance in sound.
std::optional<int64_t> find_next_recording(ByteSource& source, int64_t start, int64_t end);

}  // namespace hearth::audio
