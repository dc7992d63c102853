#pragma once

#include <cstdint>

#include "byte_source.h"
#include "part.h"

namespace hearth::audio {

/// Each reads the recording that starts at `container.offset` and corrects the lengths in its header, so that a decoder
/// reads all of its sound and nothing else, whatever its writer recorded.
Part take_riff(ByteSource& source, const Container& container);
Part take_wave64(ByteSource& source, const Container& container);
Part take_aiff(ByteSource& source, const Container& container);
Part take_caf(ByteSource& source, const Container& container);
Part take_au(ByteSource& source, const Container& container);

}  // namespace hearth::audio
