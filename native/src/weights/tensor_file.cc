#include "tensor_file.h"

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "../loading.h"
#include "mlx/io.h"
#include "npz.h"

namespace mx = mlx::core;

namespace hearth::weights {
namespace {

/// The largest model has less than a megabyte. What a parser makes of it takes many times as much memory.
constexpr uint64_t kMostHeaderBytes = 4 * 1024 * 1024;

[[noreturn]] void refuse(const std::string& path, const std::string& found) {
  throw Error("MODEL_INVALID", "Expected the weights of a model at " + path + ", got " + found + ".");
}

/// https://huggingface.co/docs/safetensors: the length of the header in 8 bytes, little-endian as every machine here.
void require_short_header(const std::string& path) {
  uint64_t length = 0;
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(&length), sizeof length);
  if (file && length > kMostHeaderBytes) refuse(path, "a file whose header is too long");
}

/// Several tensors that share their bytes would make of a small file more than any memory holds.
void require_bytes_of_their_own(const std::string& path, const Tensors& tensors) {
  uint64_t left = std::filesystem::file_size(path);
  for (const auto& [name, array] : tensors) {
    uint64_t bytes = array.itemsize();
    for (const auto length : array.shape()) {
      if (length < 0 || __builtin_mul_overflow(bytes, static_cast<uint64_t>(length), &bytes)) bytes = UINT64_MAX;
    }
    if (bytes > left) refuse(path, "a file that is smaller than what it says it holds");
    left -= bytes;
  }
}

/// Nothing of the tensors is read yet when their sizes are compared with that of the file.
Tensors read_safetensors(const std::string& path) {
  require_short_header(path);
  auto tensors = mx::load_safetensors(path).first;
  require_bytes_of_their_own(path, tensors);
  return tensors;
}

}  // namespace

Tensors read_tensors(const std::string& path) {
  return loading(path, [&] { return path.ends_with(".npz") ? read_npz(path) : read_safetensors(path); });
}

}  // namespace hearth::weights
