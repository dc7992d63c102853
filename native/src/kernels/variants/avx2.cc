#include "../simd/avx2.h"

#include "../blocks/int8_product.h"
#include "../blocks/make_table.h"
#include "../simd/avx2_int8.h"

namespace hearth::kernels {

const KernelTable kAvx2Table = make_table<Avx2>();
const Int8Table kAvx2Int8Table = make_int8_table<Avx2Int8>();

}  // namespace hearth::kernels
