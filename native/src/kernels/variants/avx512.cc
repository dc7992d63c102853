#include "../simd/avx512.h"

#include "../blocks/make_table.h"

namespace hearth::kernels {

const KernelTable kAvx512Table = make_table<Avx512>();

}  // namespace hearth::kernels
