#pragma once

#include <napi.h>

namespace hearth::addon {

/// quantizeModel({ weightsPath, otherWeightsPaths, dimensions, outputPath, bits, encoderBits, groupSize, alignmentHeads,
/// windows, signal, onProgress })
Napi::Value quantize_model(const Napi::CallbackInfo& info);

}  // namespace hearth::addon
