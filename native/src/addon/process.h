#pragma once

#include <napi.h>

namespace hearth::addon {

/// Adds the functions about the whole process: its settings, state, resource use and end.
void add_process_functions(Napi::Object& exports);

/// Returns the memory that MLX and the C library keep for reuse. Engine thread.
void release_unused_memory();

}  // namespace hearth::addon
