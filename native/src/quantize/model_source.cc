#include "model_source.h"

#include "../errors.h"
#include "../loading.h"
#include "../whisper/model_weights.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {

ModelSource::ModelSource(const std::string& path, const std::vector<std::string>& other_paths)
    : path_(path), tensors_(whisper::model_tensors(path, other_paths)) {
  for (const auto& [name, tensor] : tensors_) {
    if (!name.ends_with(".scales")) continue;
    throw Error("MODEL_INVALID",
                "Expected a model in float16 or float32, got one that is quantised already: " + path_ + ".");
  }
}

mx::array ModelSource::take(const std::string& name, const mx::Shape& shape) {
  const auto found = tensors_.extract(name);
  if (found.empty() || found.mapped().shape() != shape) {
    throw Error("MODEL_INVALID", "Expected the tensor " + name + " of a Whisper model in " + path_ + ", got " +
                                     (found.empty() ? "none" : "one of another shape") + ".");
  }
  auto tensor = loading(path_, [&] {
    auto read = mx::contiguous(mx::astype(found.mapped(), mx::float16));
    read.eval();
    return read;
  });
  if (!mx::all(mx::isfinite(tensor)).item<bool>()) {
    throw Error("MODEL_INVALID", "Expected numbers of float16 in the tensor " + name + " of " + path_ +
                                     ", got one that is none or too large. The file is damaged.");
  }
  return tensor;
}

}  // namespace hearth::quantize
