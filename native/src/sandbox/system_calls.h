#pragma once

namespace hearth::sandbox {

/// Blocks the network, other processes and rare kernel functions for this process and what it starts, by seccomp.
/// Returns whether the kernel has seccomp.
bool refuse_system_calls();

}  // namespace hearth::sandbox
