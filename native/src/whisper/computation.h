#pragma once

#include <limits>

namespace hearth::whisper {

/// Of a product: however many rows it has.
inline constexpr int kAllRows = std::numeric_limits<int>::max();

/// How a model is computed where there is a choice. What differs is time and memory; the arithmetic is the same but for
/// rounding.
struct Computation {
  /// Whether quantised layers that get many rows are made dense.
  bool dense_encoder = true;
  /// Products of the decoder with up to so many rows read quantised layers as they are. Those with more read dense ones.
  int rows_read_quantized = 8;
  /// Windows that one pass of the encoder holds.
  int encoder_batch = 4;
  bool log_mel_on_device = false;

  bool operator==(const Computation&) const = default;
};

}  // namespace hearth::whisper
