#include "../simd/scalar.h"

#include "../blocks/make_table.h"

namespace hearth::kernels {

const KernelTable kScalarTable = make_table<Scalar>();

}  // namespace hearth::kernels
