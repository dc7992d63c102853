#pragma once

#include <optional>
#include <string_view>

#include "container.h"

namespace hearth::audio {

/// The container whose fixed bytes `head` starts with; empty if none is known.
std::optional<Container> match_signature(std::string_view head, size_t min_bytes = 0);

}  // namespace hearth::audio
