#include "tensor_file.h"

#include "../loading.h"
#include "mlx/io.h"
#include "npz.h"

namespace mx = mlx::core;

namespace hearth::weights {

Tensors read_tensors(const std::string& path) {
  return loading(path, [&] { return path.ends_with(".npz") ? read_npz(path) : mx::load_safetensors(path).first; });
}

}  // namespace hearth::weights
