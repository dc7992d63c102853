#pragma once

#include <string>

#include "linear_weights.h"
#include "mlx/array.h"
#include "tensor_file.h"

namespace hearth::weights {

/// The tensors of one model, in memory.
class Weights {
 public:
  /// `path` is the source of the tensors, for messages.
  Weights(std::string path, Tensors tensors);

  /// Evaluated, on the device. Throws MODEL_INVALID if the tensor is missing or has another shape.
  mlx::core::array tensor(const std::string& name, const mlx::core::Shape& shape) const;
  /// `name` is the layer's name without `.weight`. The shapes tell whether it is quantised, in how many bits and in
  /// groups of how many weights: each layer can differ from the others.
  LinearWeights linear(const std::string& name, int outputs, int inputs) const;
  /// Null if there is none.
  const mlx::core::array* find(const std::string& name) const;
  size_t bytes() const;
  /// Whether a layer of it is.
  bool is_quantized() const;

 private:
  int bits_of(const std::string& name, int inputs) const;
  int group_size_of(const std::string& name, int inputs) const;

  std::string path_;
  Tensors tensors_;
};

}  // namespace hearth::weights
