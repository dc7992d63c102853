#include "weight_names.h"

#include <array>
#include <utility>

namespace hearth::whisper {
namespace {

/// Applied in this order: the longer of two overlapping names first.
constexpr std::array<std::pair<const char*, const char*>, 15> kReplacements = {{
    {".layers.", ".blocks."},
    {".self_attn_layer_norm.", ".attn_ln."},
    {".encoder_attn_layer_norm.", ".cross_attn_ln."},
    {".final_layer_norm.", ".mlp_ln."},
    {".self_attn.", ".attn."},
    {".encoder_attn.", ".cross_attn."},
    {".q_proj.", ".query."},
    {".k_proj.", ".key."},
    {".v_proj.", ".value."},
    {".out_proj.", ".out."},
    {".fc1.", ".mlp1."},
    {".fc2.", ".mlp2."},
    {"decoder.embed_positions.weight", "decoder.positional_embedding"},
    {"decoder.embed_tokens.", "decoder.token_embedding."},
    {"encoder.layer_norm.", "encoder.ln_post."},
}};

}  // namespace

bool has_hugging_face_names(const weights::Tensors& tensors) {
  for (const auto& [name, array] : tensors) {
    if (name.starts_with("model.") || name.find("coder.layers.") != std::string::npos) return true;
  }
  return false;
}

std::optional<std::string> mlx_name(const std::string& hugging_face_name) {
  std::string name = hugging_face_name;
  if (name.starts_with("model.")) name.erase(0, 6);
  if (name == "proj_out.weight" || name.starts_with("encoder.embed_positions.")) return std::nullopt;
  for (const auto& [from, to] : kReplacements) {
    if (const auto at = name.find(from); at != std::string::npos)
      name.replace(at, std::char_traits<char>::length(from), to);
  }
  if (name.starts_with("decoder.layer_norm.")) name.replace(0, 19, "decoder.ln.");
  return name;
}

}  // namespace hearth::whisper
