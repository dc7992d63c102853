#pragma once

#include <memory>
#include <optional>

#include "log_mel_window.h"
#include "mlx/array.h"
#include "operations.h"

namespace hearth::whisper {

struct Encoding;

/// A window for the smaller model that guesses, which hears it when it first guesses what a text of it says: where guesses
/// are not worth their time, that would not be either.
struct DraftWindow {
  std::optional<Mel> mel;  ///< until it is heard
  std::shared_ptr<const Encoding> encoding{};
};

/// Encoder output of one window and what the decoder's cross-attention needs of it.
struct Encoding {
  mlx::core::array features;  ///< [1, positions, state]
  CrossCache cross;           ///< without layers where the operations do not keep them
  std::shared_ptr<DraftWindow> draft{};  ///< if there is a smaller model; engine thread only
};
using EncodingPointer = std::shared_ptr<const Encoding>;

}  // namespace hearth::whisper
