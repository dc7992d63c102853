#include "random_model.h"

#include <filesystem>
#include <unordered_map>
#include <utility>

#include "mlx/io.h"
#include "mlx/ops.h"
#include "mlx/random.h"

namespace mx = mlx::core;

namespace hearth {
namespace {

using whisper::ModelDimensions;

constexpr int kGroupSize = 64;

using Tensors = std::unordered_map<std::string, mx::array>;

mx::array random_values(const mx::Shape& shape) { return mx::random::normal(shape, mx::float32) * mx::array(0.02f); }

void add_linear(Tensors& tensors, const std::string& name, int outputs, int inputs, bool bias) {
  const auto parts = mx::quantize(random_values({outputs, inputs}), kGroupSize, 4);
  tensors.insert_or_assign(name + ".weight", parts[0]);
  tensors.insert_or_assign(name + ".scales", mx::astype(parts[1], mx::float16));
  tensors.insert_or_assign(name + ".biases", mx::astype(parts[2], mx::float16));
  if (bias) tensors.insert_or_assign(name + ".bias", mx::astype(random_values({outputs}), mx::float16));
}

void add_vector(Tensors& tensors, const std::string& name, mx::array values) {
  tensors.insert_or_assign(name, mx::astype(std::move(values), mx::float16));
}

void add_norm(Tensors& tensors, const std::string& name, int state) {
  add_vector(tensors, name + ".weight", mx::ones({state}));
  add_vector(tensors, name + ".bias", mx::zeros({state}));
}

void add_attention(Tensors& tensors, const std::string& name, int state) {
  add_linear(tensors, name + ".query", state, state, true);
  add_linear(tensors, name + ".key", state, state, false);
  add_linear(tensors, name + ".value", state, state, true);
  add_linear(tensors, name + ".out", state, state, true);
}

void add_block(Tensors& tensors, const std::string& block, int state, bool cross) {
  add_norm(tensors, block + "attn_ln", state);
  add_attention(tensors, block + "attn", state);
  if (cross) {
    add_norm(tensors, block + "cross_attn_ln", state);
    add_attention(tensors, block + "cross_attn", state);
  }
  add_norm(tensors, block + "mlp_ln", state);
  add_linear(tensors, block + "mlp1", 4 * state, state, true);
  add_linear(tensors, block + "mlp2", state, 4 * state, true);
}

std::string write_random_model(const ModelDimensions& dimensions, const std::string& name) {
  Tensors tensors;
  const int state = dimensions.audio_state;
  add_vector(tensors, "encoder.conv1.weight", random_values({state, 3, dimensions.mel_bins}));
  add_vector(tensors, "encoder.conv1.bias", random_values({state}));
  add_vector(tensors, "encoder.conv2.weight", random_values({state, 3, state}));
  add_vector(tensors, "encoder.conv2.bias", random_values({state}));
  for (int i = 0; i < dimensions.audio_layers; ++i) {
    add_block(tensors, "encoder.blocks." + std::to_string(i) + ".", state, false);
  }
  add_norm(tensors, "encoder.ln_post", state);
  add_linear(tensors, "decoder.token_embedding", dimensions.vocabulary_size, state, false);
  add_vector(tensors, "decoder.positional_embedding", random_values({dimensions.text_context, state}));
  for (int i = 0; i < dimensions.text_layers; ++i) {
    add_block(tensors, "decoder.blocks." + std::to_string(i) + ".", state, true);
  }
  add_norm(tensors, "decoder.ln", state);
  const auto path = (std::filesystem::temp_directory_path() / (name + ".safetensors")).string();
  mx::save_safetensors(path, tensors);
  return path;
}

}  // namespace

whisper::ModelSource random_source(whisper::ModelSource source, const ModelDimensions& dimensions,
                                   const std::string& name) {
  source.weights_path = write_random_model(dimensions, name);
  source.dimensions = dimensions;
  source.operations = whisper::OperationsChoice::mlx;
  return source;
}

}  // namespace hearth
