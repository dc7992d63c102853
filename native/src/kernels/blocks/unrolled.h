#pragma once

#include <type_traits>
#include <utility>

namespace hearth::kernels::blocks {

/// Calls `step` with the compile-time constants 0 to kCount - 1, so that arrays indexed by them live in registers.
template <int kCount, class Step>
[[gnu::always_inline]] inline void unrolled(const Step& step) {
  [&]<int... kIndices>(std::integer_sequence<int, kIndices...>) __attribute__((always_inline)) {
    (step(std::integral_constant<int, kIndices>{}), ...);
  }(std::make_integer_sequence<int, kCount>{});
}

}  // namespace hearth::kernels::blocks
