#include "../simd/avx2.h"

#include "../blocks/make_table.h"

namespace hearth::kernels {

const KernelTable kAvx2Table = make_table<Avx2>();

}  // namespace hearth::kernels
