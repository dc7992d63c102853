#pragma once

#include <chrono>

namespace hearth::addon {

/// Kills this process after `grace`, whatever its threads wait for: joining a thread in a blocked system call could
/// delay the exit forever. If it leads its own process group, the programs it started are killed with it.
void end_within(std::chrono::milliseconds grace);

/// Does so once the parent process is gone. JavaScript notices this too, unless it is blocked.
void end_with_parent(std::chrono::milliseconds grace);

}  // namespace hearth::addon
