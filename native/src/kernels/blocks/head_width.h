#pragma once

namespace hearth::kernels {

/// The same in every Whisper model.
constexpr int kHeadWidth = 64;

}  // namespace hearth::kernels
