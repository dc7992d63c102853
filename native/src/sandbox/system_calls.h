#pragma once

namespace hearth::sandbox {

/// Takes from this process and what it starts the network, other processes, and the kernel's wider surface, by seccomp.
/// Returns whether the kernel has seccomp.
bool refuse_system_calls();

}  // namespace hearth::sandbox
