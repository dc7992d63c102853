#include "weights.h"

#include <sstream>

#include "../errors.h"
#include "mlx/io.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "npz.h"
#include "weight_names.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

std::string describe(const mx::Shape& shape) {
  std::ostringstream text;
  text << '[';
  for (size_t i = 0; i < shape.size(); ++i) text << (i ? ", " : "") << shape[i];
  text << ']';
  return text.str();
}

std::unordered_map<std::string, mx::array> read_file(const std::string& path) {
  if (path.ends_with(".npz")) return load_npz(path);
  try {
    return mx::load_safetensors(path).first;
  } catch (const std::exception& cause) {
    throw Error("MODEL_INVALID",
                "Expected a safetensors file at " + path + ", but it could not be read: " + cause.what());
  }
}

/// Hugging Face keeps convolutions as [out, in, kernel], MLX as [out, kernel, in].
mx::array in_mlx_layout(const std::string& name, mx::array array) {
  const bool convolution = name == "encoder.conv1.weight" || name == "encoder.conv2.weight";
  return convolution ? mx::contiguous(mx::swapaxes(array, 1, 2)) : array;
}

}  // namespace

mx::array dense_float32(const LinearWeights& layer) {
  if (!layer.quantized()) return mx::astype(layer.weight, mx::float32);
  // float16 scales would round every weight to float16; OpenAI's arithmetic is float32.
  return mx::dequantize(layer.weight, mx::astype(*layer.scales, mx::float32), mx::astype(*layer.biases, mx::float32),
                        layer.group_size, layer.bits);
}

LinearWeights merge(const std::vector<LinearWeights>& layers) {
  const auto& first = layers.front();
  bool same_quantization = true;
  bool has_bias = false;
  for (const auto& layer : layers) {
    same_quantization &= layer.bits == first.bits && layer.group_size == first.group_size;
    has_bias |= layer.bias.has_value();
  }
  LinearWeights merged = first;
  merged.outputs = 0;
  std::vector<mx::array> weights, scales, biases, bias;
  for (const auto& layer : layers) {
    merged.outputs += layer.outputs;
    weights.push_back(same_quantization ? layer.weight : dense_float32(layer));
    if (same_quantization && layer.quantized()) {
      scales.push_back(*layer.scales);
      biases.push_back(*layer.biases);
    }
    if (has_bias) bias.push_back(layer.bias ? *layer.bias : mx::zeros({layer.outputs}, mx::float32));
  }
  merged.weight = mx::concatenate(weights, 0);
  merged.scales.reset();
  merged.biases.reset();
  if (!scales.empty()) {
    merged.scales = mx::concatenate(scales, 0);
    merged.biases = mx::concatenate(biases, 0);
  } else {
    merged.bits = merged.group_size = 0;
  }
  if (has_bias) merged.bias = mx::concatenate(bias, 0);
  return merged;
}

Weights::Weights(const std::string& path, int group_size) : path_(path), group_size_(group_size) {
  auto raw = read_file(path);
  const bool hugging_face = has_hugging_face_names(raw);
  for (auto& [name, array] : raw) {
    if (!hugging_face) {
      arrays_.insert_or_assign(name, std::move(array));
    } else if (const auto renamed = mlx_name(name)) {
      arrays_.insert_or_assign(*renamed, in_mlx_layout(*renamed, std::move(array)));
    }
  }
  // Loading is lazy: read everything now, in the thread that owns MLX, while the file is known to be whole.
  std::vector<mx::array> all;
  for (const auto& [name, array] : arrays_) all.push_back(array);
  mx::eval(all);
}

const mx::array* Weights::find(const std::string& name) const {
  const auto found = arrays_.find(name);
  return found == arrays_.end() ? nullptr : &found->second;
}

mx::array Weights::tensor(const std::string& name, const mx::Shape& shape) const {
  const auto* array = find(name);
  if (!array) throw Error("MODEL_INVALID", "Expected a tensor " + name + " in " + path_ + ", but there is none.");
  if (array->shape() != shape) {
    throw Error("MODEL_INVALID", "Expected " + name + " in " + path_ + " to have the shape " + describe(shape) +
                                     ", got " + describe(array->shape()) + ".");
  }
  return *array;
}

LinearWeights Weights::linear(const std::string& name, int outputs, int inputs) const {
  const auto* scales = find(name + ".scales");
  const auto* bias = find(name + ".bias");
  if (!scales) {
    LinearWeights layer{tensor(name + ".weight", {outputs, inputs}), {}, {}, {}, outputs, inputs, 0, 0};
    if (bias) layer.bias = tensor(name + ".bias", {outputs});
    return layer;
  }
  if (group_size_ <= 0 || inputs % group_size_ != 0) {
    throw Error("MODEL_INVALID", "Expected config.json beside " + path_ +
                                     " to name a quantisation group size that divides " + std::to_string(inputs) +
                                     ", got " + std::to_string(group_size_) + ".");
  }
  const auto* weight = find(name + ".weight");
  const int bits = weight && weight->ndim() == 2 ? weight->shape(1) * 32 / inputs : 0;
  LinearWeights layer{tensor(name + ".weight", {outputs, inputs * bits / 32}),
                      tensor(name + ".scales", {outputs, inputs / group_size_}),
                      tensor(name + ".biases", {outputs, inputs / group_size_}),
                      {},
                      outputs,
                      inputs,
                      bits,
                      group_size_};
  if (bias) layer.bias = tensor(name + ".bias", {outputs});
  return layer;
}

std::vector<std::pair<int, int>> Weights::alignment_heads() const {
  const auto* array = find("alignment_heads");
  if (!array || array->ndim() != 2 || array->shape(1) != 2) return {};
  auto heads = mx::contiguous(mx::astype(*array, mx::int32));
  heads.eval();
  std::vector<std::pair<int, int>> pairs;
  for (int i = 0; i < heads.shape(0); ++i) pairs.emplace_back(heads.data<int>()[2 * i], heads.data<int>()[2 * i + 1]);
  return pairs;
}

size_t Weights::bytes() const {
  size_t total = 0;
  for (const auto& [name, array] : arrays_) total += array.nbytes();
  return total;
}

}  // namespace hearth::whisper
