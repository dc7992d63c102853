#include "kernel_table.h"

#include <cstdlib>
#include <string_view>
#include <vector>

namespace hearth::kernels {
namespace {

/// What this CPU and its operating system support, best first.
std::vector<const KernelTable*> supported_tables() {
  std::vector<const KernelTable*> tables;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx512) tables.push_back(&kAvx512Table);
  if (avx2) tables.push_back(&kAvx2Table);
#elif defined(__aarch64__)
  tables.push_back(&kNeonTable);
#endif
  tables.push_back(&kScalarTable);
  return tables;
}

const KernelTable& choose_table() {
  const auto tables = supported_tables();
  const char* wanted = std::getenv("HEARTH_INSTRUCTION_SET");
  for (const auto* table : tables) {
    if (wanted != nullptr && std::string_view(wanted) == table->name) return *table;
  }
  return *tables.front();
}

}  // namespace

const KernelTable& kernel_table() {
  static const KernelTable& table = choose_table();
  return table;
}

std::string_view instruction_set() { return kernel_table().name; }

}  // namespace hearth::kernels
