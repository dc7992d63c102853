#include "compiled.h"

#include <atomic>
#include <utility>

#include "mlx/compile.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

bool compiles = false;
std::atomic<int64_t> count = 0;

}  // namespace

void set_compilation(bool enabled) {
  compiles = enabled;
  mx::set_compile_mode(enabled ? mx::CompileMode::enabled : mx::CompileMode::disabled);
}

ArrayFunction compiled(ArrayFunction function, bool any_shape) {
  if (!compiles) return function;
  // MLX calls the function itself only to trace it.
  auto traced = [function = std::move(function)](const std::vector<mx::array>& inputs) {
    ++count;
    return function(inputs);
  };
  return mx::compile(std::move(traced), any_shape);
}

int64_t compilations() { return count; }

}  // namespace hearth::whisper
