#pragma once

#include <memory>

#include "mlx/array.h"
#include "operations.h"

namespace hearth::whisper {

/// Encoder output of one window and what the decoder's cross-attention needs of it.
struct Encoding {
  mlx::core::array features;  ///< [1, positions, state]
  CrossCache cross;           ///< without layers where the operations do not keep them
  std::shared_ptr<const Encoding> draft{};  ///< of the smaller model that guesses, if there is one
};
using EncodingPointer = std::shared_ptr<const Encoding>;

}  // namespace hearth::whisper
