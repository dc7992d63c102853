#pragma once

#include <functional>

namespace hearth::kernels {

/// Splits [0, count) into runs of `grain` and hands them out dynamically: a core that is taken away costs only its run.
/// The caller takes part. One caller at a time.
void parallel_ranges(int count, int grain, const std::function<void(int first, int last)>& body);

}  // namespace hearth::kernels
