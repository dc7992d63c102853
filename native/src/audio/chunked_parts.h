#pragma once

#include <cstdint>

#include "byte_source.h"
#include "part.h"

namespace hearth::audio {

/// Each takes the recording that begins at `container.offset` and puts the lengths in its header right, so that a
/// decoder reads all of its sound, whatever its writer knew of it, and nothing else.
Part take_riff(ByteSource& source, const Container& container);
Part take_wave64(ByteSource& source, const Container& container);
Part take_aiff(ByteSource& source, const Container& container);
Part take_caf(ByteSource& source, const Container& container);
Part take_au(ByteSource& source, const Container& container);

}  // namespace hearth::audio
