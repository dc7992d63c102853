#include "whisper_layers.h"

namespace hearth::quantize {
namespace {

std::vector<std::string> attentions_of(bool in_decoder) {
  return in_decoder ? std::vector<std::string>{"attn", "cross_attn"} : std::vector<std::string>{"attn"};
}

void add_layers(std::vector<LayerShape>& layers, const std::string& side, int blocks, int state) {
  for (int i = 0; i < blocks; ++i) {
    const std::string block = side + ".blocks." + std::to_string(i) + ".";
    for (const auto& attention : attentions_of(side == "decoder")) {
      for (const auto* part : {".query", ".key", ".value", ".out"}) {
        layers.push_back({block + attention + part, state, state});
      }
    }
    layers.push_back({block + "mlp1", 4 * state, state});
    layers.push_back({block + "mlp2", state, 4 * state});
  }
}

void add_norm(std::vector<DenseShape>& tensors, const std::string& name, int state) {
  tensors.push_back({name + ".weight", {state}});
  tensors.push_back({name + ".bias", {state}});
}

void add_norms(std::vector<DenseShape>& tensors, const std::string& side, int blocks, int state) {
  for (int i = 0; i < blocks; ++i) {
    const std::string block = side + ".blocks." + std::to_string(i) + ".";
    for (const auto& attention : attentions_of(side == "decoder")) add_norm(tensors, block + attention + "_ln", state);
    add_norm(tensors, block + "mlp_ln", state);
  }
}

}  // namespace

std::vector<LayerShape> layers_of(const whisper::ModelDimensions& dimensions) {
  std::vector<LayerShape> layers;
  add_layers(layers, "encoder", dimensions.audio_layers, dimensions.audio_state);
  add_layers(layers, "decoder", dimensions.text_layers, dimensions.text_state);
  layers.push_back({"decoder.token_embedding", dimensions.vocabulary_size, dimensions.text_state});
  return layers;
}

std::vector<DenseShape> dense_tensors_of(const whisper::ModelDimensions& dimensions) {
  const int audio = dimensions.audio_state, text = dimensions.text_state;
  std::vector<DenseShape> tensors{{"encoder.conv1.weight", {audio, 3, dimensions.mel_bins}},
                                  {"encoder.conv1.bias", {audio}},
                                  {"encoder.conv2.weight", {audio, 3, audio}},
                                  {"encoder.conv2.bias", {audio}}};
  add_norms(tensors, "encoder", dimensions.audio_layers, audio);
  add_norm(tensors, "encoder.ln_post", audio);
  tensors.push_back({"decoder.positional_embedding", {dimensions.text_context, text}});
  add_norms(tensors, "decoder", dimensions.text_layers, text);
  add_norm(tensors, "decoder.ln", text);
  return tensors;
}

}  // namespace hearth::quantize
