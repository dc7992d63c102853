#include "capacity.h"

#include <unistd.h>

#include <algorithm>

#include "../whisper/device_memory.h"

namespace hearth::scheduler {
namespace {

constexpr size_t kMostBytes = size_t{3} << 29;  // 1.5 GiB
constexpr size_t kShareOfMemory = 8;

size_t memory_bytes() {
  const size_t device = whisper::device_memory_bytes();
  if (device > 0) return device;
  return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
}

}  // namespace

size_t capacity_bytes() {
  static const size_t bytes = std::min(kMostBytes, memory_bytes() / kShareOfMemory);
  return bytes;
}

size_t window_bytes(const whisper::Model& model) { return model.cross_bytes() + model.row_bytes(); }

int windows_that_fit(const whisper::Model& model) {
  return static_cast<int>(std::max<size_t>(1, capacity_bytes() / window_bytes(model)));
}

}  // namespace hearth::scheduler
