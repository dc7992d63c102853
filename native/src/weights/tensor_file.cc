#include "tensor_file.h"

#include "../errors.h"
#include "mlx/io.h"
#include "npz.h"

namespace mx = mlx::core;

namespace hearth::weights {

Tensors read_tensors(const std::string& path) {
  if (path.ends_with(".npz")) return read_npz(path);
  try {
    return mx::load_safetensors(path).first;
  } catch (const std::exception& cause) {
    throw Error("MODEL_INVALID",
                "Expected a safetensors file at " + path + ", but it could not be read: " + cause.what());
  }
}

}  // namespace hearth::weights
