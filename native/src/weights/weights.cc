#include "weights.h"

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

Weights::Weights(std::string path, Tensors tensors, int group_size)
    : path_(std::move(path)), tensors_(std::move(tensors)), group_size_(group_size) {
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

size_t Weights::bytes() const {
  size_t total = 0;
  for (const auto& [name, array] : tensors_) total += array.nbytes();
  return total;
}

}  // namespace hearth::weights
