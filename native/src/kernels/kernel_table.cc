#include "kernel_table.h"

#include <cstdlib>
#include <string_view>
#include <vector>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace hearth::kernels {
namespace {

#if defined(__x86_64__) && defined(__linux__)
/// Linux has a process ask for the memory of AMX's tiles.
bool has_amx() {
  constexpr unsigned kBfloat16 = 1U << 22, kTiles = 1U << 24, kBytes = 1U << 25, kAll = kBfloat16 | kTiles | kBytes;
  constexpr unsigned kMoreBfloat16 = 1U << 5;
  if (!__builtin_cpu_supports("avx512vnni")) return false;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0 || (edx & kAll) != kAll) return false;
  if (__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) == 0 || (eax & kMoreBfloat16) == 0) return false;
  constexpr int kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}
#endif

/// What this CPU and its operating system support, best first.
std::vector<const KernelTable*> supported_tables() {
  std::vector<const KernelTable*> tables;
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#if defined(__linux__)
  if (avx512 && has_amx()) tables.push_back(&kAmxTable);
#endif
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
