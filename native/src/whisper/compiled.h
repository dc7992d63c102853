#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

using ArrayFunction = std::function<std::vector<mlx::core::array>(const std::vector<mlx::core::array>&)>;

/// Whether functions made from now on are compiled. Engine thread, as all of this.
void set_compilation(bool enabled);

/// `function` as MLX compiles it: once for each set of shapes that it meets, or once for all (element-wise functions
/// only).
ArrayFunction compiled(ArrayFunction function, bool any_shape);

/// How often something was compiled since the process began: once the model is warm it should not grow.
int64_t compilations();

}  // namespace hearth::whisper
