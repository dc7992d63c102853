#pragma once

#include <functional>

namespace hearth::kernels {

/// Splits [0, count) into runs of `grain` and assigns them dynamically: losing a core only costs its run.
/// The caller takes part. Only one caller at a time.
void parallel_ranges(int count, int grain, const std::function<void(int first, int last)>& body);

}  // namespace hearth::kernels
