#pragma once

#include <string>
#include <vector>

namespace hearth::sandbox {

/// Version of Landlock that this kernel speaks; 0 where it has none.
int landlock_version();

/// Leaves this process and what it starts the named paths to read, with all below a folder, and what a program needs of
/// the system to be loaded. Nothing can be written, and with newer kernels no process outside be signalled.
/// Does nothing where the kernel has no Landlock. @throws std::runtime_error
void allow_only_reading(const std::vector<std::string>& paths);

}  // namespace hearth::sandbox
