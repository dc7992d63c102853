#pragma once

#include <memory>
#include <span>

#include "operations.h"

namespace hearth::whisper {

/// Self-attention keys and values in plain float32 buffers, written in place; cross-attention from float16 panels.
std::unique_ptr<AttentionState> make_cpu_attention_state(const ModelDimensions& dimensions,
                                                         std::span<const RowPlacement> rows, int columns);

}  // namespace hearth::whisper
