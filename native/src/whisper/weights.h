#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

/// A linear layer or embedding [outputs, inputs] as the file holds it.
struct LinearWeights {
  mlx::core::array weight;                 ///< float [outputs, inputs], or uint32 [outputs, inputs * bits / 32]
  std::optional<mlx::core::array> scales;  ///< [outputs, inputs / group_size]; empty for a dense layer
  std::optional<mlx::core::array> biases;  ///< quantisation offsets, as `scales`
  std::optional<mlx::core::array> bias;    ///< [outputs]
  int outputs = 0;
  int inputs = 0;
  int bits = 0;
  int group_size = 0;

  bool quantized() const { return scales.has_value(); }
};

/// float32 [outputs, inputs], computed as scale * q + bias in float32.
mlx::core::array dense_float32(const LinearWeights& layer);

/// Layers with the same inputs as one, outputs one after the other; a missing bias counts as zeros.
LinearWeights merge(const std::vector<LinearWeights>& layers);

/// The tensors of one model, under mlx-whisper's names whatever the file's layout was.
class Weights {
 public:
  /// `path` is a .safetensors or .npz file. `group_size` is the quantisation's, 0 when the model is not quantised.
  /// Throws MODEL_INVALID.
  Weights(const std::string& path, int group_size);

  /// Evaluated, on the device. Throws MODEL_INVALID when the tensor is missing or has another shape.
  mlx::core::array tensor(const std::string& name, const mlx::core::Shape& shape) const;
  /// `name` is the layer's, without `.weight`.
  LinearWeights linear(const std::string& name, int outputs, int inputs) const;
  /// `[layer, head]` pairs; empty when the file holds none.
  std::vector<std::pair<int, int>> alignment_heads() const;
  size_t bytes() const;

 private:
  const mlx::core::array* find(const std::string& name) const;

  std::string path_;
  int group_size_;
  std::unordered_map<std::string, mlx::core::array> arrays_;
};

}  // namespace hearth::whisper
