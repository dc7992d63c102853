#pragma once

#include <vector>

#include "byte_source.h"
#include "container.h"
#include "part.h"

namespace hearth::audio {

/// The consecutive recordings in a file whose first one is `first`. If what follows them cannot be read, it is the last
/// part.
std::vector<Part> split_recording(ByteSource& source, const Container& first);

}  // namespace hearth::audio
