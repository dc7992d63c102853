#pragma once

#include <chrono>

namespace hearth::addon {

/// Kills this process after `grace`, whatever its threads wait for: joining one that is in a blocked system call would
/// hold up an exit for ever. With it go the programs that it started, when it leads its own process group.
void end_within(std::chrono::milliseconds grace);

/// Does so once the process that started this one is gone. JavaScript sees that too, unless it is blocked.
void end_with_parent(std::chrono::milliseconds grace);

}  // namespace hearth::addon
