#include "weights.h"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "../errors.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::weights {
namespace {

std::string describe(const mx::Shape& shape) {
  std::ostringstream text;
  text << '[';
  for (size_t i = 0; i < shape.size(); ++i) text << (i ? ", " : "") << shape[i];
  text << ']';
  return text.str();
}

}  // namespace

Weights::Weights(std::string path, Tensors tensors) : path_(std::move(path)), tensors_(std::move(tensors)) {
  // Loading is lazy. Read everything now, on the thread that owns MLX, while the file is known to be complete.
  std::vector<mx::array> all;
  for (const auto& [name, array] : tensors_) all.push_back(array);
  mx::eval(all);
}

const mx::array* Weights::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
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
  const int bits = bits_of(name, inputs);
  const int group_size = group_size_of(name, inputs);
  LinearWeights layer{tensor(name + ".weight", {outputs, inputs * bits / 32}),
                      tensor(name + ".scales", {outputs, inputs / group_size}),
                      tensor(name + ".biases", {outputs, inputs / group_size}),
                      {},
                      outputs,
                      inputs,
                      bits,
                      group_size};
  if (bias) layer.bias = tensor(name + ".bias", {outputs});
  return layer;
}

int Weights::bits_of(const std::string& name, int inputs) const {
  const auto* weight = find(name + ".weight");
  const int row_bits = weight && weight->ndim() == 2 && weight->dtype() == mx::uint32 ? weight->shape(1) * 32 : 0;
  for (const int bits : kQuantizedBits) {
    if (row_bits == inputs * bits) return bits;
  }
  throw Error("MODEL_INVALID", "Expected " + name + ".weight in " + path_ + " to hold " + std::to_string(inputs) +
                                   " values a row in 2, 3, 4, 5, 6 or 8 bits, got another shape.");
}

int Weights::group_size_of(const std::string& name, int inputs) const {
  const auto& scales = *find(name + ".scales");
  for (const int group_size : kGroupSizes) {
    if (scales.ndim() == 2 && scales.shape(1) * group_size == inputs) return group_size;
  }
  throw Error("MODEL_INVALID", "Expected " + name + ".scales in " + path_ +
                                   " to have a value for each 32, 64 or 128 weights of a row, got another shape.");
}

size_t Weights::bytes() const {
  size_t total = 0;
  for (const auto& [name, array] : tensors_) total += array.nbytes();
  return total;
}

bool Weights::is_quantized() const {
  return std::ranges::any_of(tensors_, [](const auto& tensor) { return tensor.first.ends_with(".scales"); });
}

}  // namespace hearth::weights
