#include "int8_table.h"

#include <string_view>

#include "kernel_table.h"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace hearth::kernels {
namespace {

#if defined(__aarch64__)
bool has_dot_products() {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
  return true;  // every Apple chip that runs macOS
#endif
}
#endif

const Int8Table& choose_int8_table() {
  const std::string_view name = kernel_table().name;
#if defined(__x86_64__)
#if defined(__linux__)
  if (name == kAmxTable.name) return kAmxInt8Table;
#endif
  if (name == kAvx512Table.name && __builtin_cpu_supports("avx512vnni")) return kAvx512VnniTable;
  if (name != kScalarTable.name) return kAvx2Int8Table;
#elif defined(__aarch64__)
  if (name == kNeonTable.name && has_dot_products()) return kNeonDotTable;
#endif
  return kScalarInt8Table;
}

}  // namespace

const Int8Table& int8_table() {
  static const Int8Table& table = choose_int8_table();
  return table;
}

std::string_view int8_instruction_set() { return int8_table().name; }

bool has_int8_arithmetic() { return &int8_table() != &kScalarInt8Table; }

}  // namespace hearth::kernels
