#pragma once

#include <string>
#include <vector>

#include "../weights/tensor_file.h"
#include "mlx/array.h"

namespace hearth::quantize {

/// The float tensors of a model's files, each read when it is taken.
class ModelSource {
 public:
  /// Throws MODEL_INVALID, also for a model that is quantised already.
  ModelSource(const std::string& path, const std::vector<std::string>& other_paths);

  bool has(const std::string& name) const { return tensors_.contains(name); }
  /// In float16, once. Throws MODEL_INVALID if it is missing, has another shape, or holds what is no number of float16.
  mlx::core::array take(const std::string& name, const mlx::core::Shape& shape);

 private:
  std::string path_;
  weights::Tensors tensors_;
};

}  // namespace hearth::quantize
