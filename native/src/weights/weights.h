#pragma once

#include <string>

#include "linear_weights.h"
#include "mlx/array.h"
#include "tensor_file.h"

namespace hearth::weights {

/// The tensors of one model, in memory.
class Weights {
 public:
  /// `path` is the source of the tensors, for messages. `group_size` is 0 if the model is not
  /// quantised.
  Weights(std::string path, Tensors tensors, int group_size);

  /// Evaluated, on the device. Throws MODEL_INVALID if the tensor is missing or has another shape.
  mlx::core::array tensor(const std::string& name, const mlx::core::Shape& shape) const;
  /// `name` is the layer's name without `.weight`.
  LinearWeights linear(const std::string& name, int outputs, int inputs) const;
  /// Null if there is none.
  const mlx::core::array* find(const std::string& name) const;
  size_t bytes() const;

 private:
  std::string path_;
  Tensors tensors_;
  int group_size_;
};

}  // namespace hearth::weights
