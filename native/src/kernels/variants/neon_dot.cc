#include "../simd/neon_dot.h"

#include "../blocks/int8_product.h"

namespace hearth::kernels {

const Int8Table kNeonDotTable = make_int8_table<NeonDot>();

}  // namespace hearth::kernels
