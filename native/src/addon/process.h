#pragma once

#include <napi.h>

namespace hearth::addon {

/// Adds the functions about the whole process: its settings, what it has and uses, and its end.
void add_process_functions(Napi::Object& exports);

/// Gives back what MLX keeps for reuse, and what the C library keeps of it. Engine thread.
void release_unused_memory();

}  // namespace hearth::addon
