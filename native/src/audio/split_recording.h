#pragma once

#include <vector>

#include "byte_source.h"
#include "container.h"
#include "part.h"

namespace hearth::audio {

/// The recordings that lie in a row in a file whose first one is `first`. What follows and cannot be read is the last
/// part.
std::vector<Part> split_recording(ByteSource& source, const Container& first);

}  // namespace hearth::audio
