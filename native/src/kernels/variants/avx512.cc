#include "../simd/avx512.h"

#include "../blocks/make_table.h"

namespace hearth::kernels {

const KernelTable kAvx512Table = make_table<Avx512>();

namespace {

constexpr KernelTable amx_table() {
  auto table = make_table<Avx512>();
  table.name = "amx";
  return table;
}

}  // namespace

const KernelTable kAmxTable = amx_table();

}  // namespace hearth::kernels
