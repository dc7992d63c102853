#include "../simd/scalar.h"

#include "../blocks/int8_product.h"
#include "../blocks/make_table.h"
#include "../simd/scalar_int8.h"

namespace hearth::kernels {

const KernelTable kScalarTable = make_table<Scalar>();
const Int8Table kScalarInt8Table = make_int8_table<ScalarInt8>();

}  // namespace hearth::kernels
