#pragma once

#include <optional>

#include "../whisper/operations.h"
#include "mlx/array.h"

namespace hearth::quantize {

mlx::core::array computed(mlx::core::array x);

/// What a layer's output has to make good in the quantised model to be what it is in the float model: the errors e.
struct LayerErrors {
  mlx::core::array products;  ///< [outputs, inputs], the mean of e xᵀ
  mlx::core::array mean;      ///< [outputs]
};

/// What speech says of a layer: its inputs x in the quantised model. All float32. Means are taken off and kept beside,
/// for the layer's bias.
struct LayerInputs {
  mlx::core::array moments;           ///< [inputs, inputs], the mean of x xᵀ
  mlx::core::array mean;              ///< [inputs]; zeros if nothing was taken off
  std::optional<LayerErrors> errors;  ///< none: the layer is to stay what it is
  int64_t count;
};

/// Sums them up, window after window.
class LayerInputsSum {
 public:
  explicit LayerInputsSum(const whisper::Operations& operations) : operations_(operations) {}

  /// x [..., inputs], e [..., outputs].
  void add(const mlx::core::array& x, const std::optional<mlx::core::array>& error);
  LayerInputs with_means() const;
  LayerInputs without_means() const;

 private:
  const whisper::Operations& operations_;
  std::optional<mlx::core::array> moments_, products_, inputs_, errors_;
  int64_t count_ = 0;
};

}  // namespace hearth::quantize
