#include "model_weights.h"

#include "mlx/ops.h"
#include "weight_names.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// Hugging Face keeps convolutions as [out, in, kernel], MLX as [out, kernel, in].
mx::array in_mlx_layout(const std::string& name, mx::array array) {
  const bool convolution = name == "encoder.conv1.weight" || name == "encoder.conv2.weight";
  return convolution ? mx::contiguous(mx::swapaxes(array, 1, 2)) : array;
}

weights::Tensors renamed(weights::Tensors tensors) {
  if (!has_hugging_face_names(tensors)) return tensors;
  weights::Tensors renamed;
  for (auto& [name, array] : tensors) {
    const auto own_name = mlx_name(name);
    if (own_name) renamed.insert_or_assign(*own_name, in_mlx_layout(*own_name, std::move(array)));
  }
  return renamed;
}

}  // namespace

weights::Tensors model_tensors(const std::string& path, const std::vector<std::string>& other_paths) {
  auto tensors = weights::read_tensors(path);
  for (const auto& other : other_paths) tensors.merge(weights::read_tensors(other));
  return renamed(std::move(tensors));
}

weights::Weights read_model_weights(const std::string& path, const std::vector<std::string>& other_paths) {
  return {path, model_tensors(path, other_paths)};
}

std::vector<std::pair<int, int>> alignment_heads(const weights::Weights& weights) {
  const auto* array = weights.find("alignment_heads");
  if (!array || array->ndim() != 2 || array->shape(1) != 2) return {};
  auto heads = mx::contiguous(mx::astype(*array, mx::int32));
  heads.eval();
  std::vector<std::pair<int, int>> pairs;
  for (int i = 0; i < heads.shape(0); ++i) pairs.emplace_back(heads.data<int>()[2 * i], heads.data<int>()[2 * i + 1]);
  return pairs;
}

}  // namespace hearth::whisper
