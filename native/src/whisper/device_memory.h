#pragma once

#include <cstddef>

namespace hearth::whisper {

/// Memory that the GPU can work in; 0 where there is none, or it does not say.
size_t device_memory_bytes();

}  // namespace hearth::whisper
