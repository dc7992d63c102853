#include "../simd/neon.h"

#include "../blocks/make_table.h"

namespace hearth::kernels {

const KernelTable kNeonTable = make_table<Neon>();

}  // namespace hearth::kernels
