#pragma once

#include <memory>

#include "operations.h"

namespace hearth::whisper {

/// Self-attention keys and values in plain float32 buffers that grow with each row; cross-attention from float16
/// panels.
std::unique_ptr<AttentionState> make_cpu_attention_state(const ModelDimensions& dimensions);

}  // namespace hearth::whisper
