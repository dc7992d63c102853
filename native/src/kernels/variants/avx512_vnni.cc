#include "../simd/avx512_vnni.h"

#include "../blocks/int8_product.h"

namespace hearth::kernels {

const Int8Table kAvx512VnniTable = make_int8_table<Avx512Vnni>();

}  // namespace hearth::kernels
