#pragma once

#include <string>
#include <vector>

namespace hearth::sandbox {

/// The Landlock version of this kernel; 0 if it has none.
int landlock_version();

/// Restricts this process and what it starts to reading the given paths, folders with all their contents, and the parts
/// of the system needed to load a program. Nothing can be written. On newer kernels it cannot signal other processes.
/// Does nothing if the kernel has no Landlock. @throws std::runtime_error
void allow_only_reading(const std::vector<std::string>& paths);

}  // namespace hearth::sandbox
