#pragma once

#include <cstddef>
#include <string>

namespace hearth::whisper {

/// Memory that the GPU can work in; 0 where there is none, or it does not say.
size_t device_memory_bytes();

/// What the GPU calls itself; empty where there is none, or it does not say.
std::string device_name();

}  // namespace hearth::whisper
