#pragma once

#include <span>
#include <vector>

#include "decode_clock.h"
#include "mlx/array.h"

namespace hearth::whisper {

/// float32 logits of some positions, [positions, vocabulary]; filters work on them in place.
class Logits {
 public:
  /// Waits for them.
  Logits(const mlx::core::array& values, DecodeTime& time);

  std::span<float> row(int row);
  std::vector<std::span<float>> rows(int first, int count);

 private:
  mlx::core::array values_;
};

}  // namespace hearth::whisper
