#include "capacity.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "../whisper/device_memory.h"

namespace hearth::scheduler {
namespace {

constexpr size_t kGiB = size_t{1} << 30;

std::atomic<size_t> forced_bytes = 0;

size_t physical_bytes() {
  return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
}

}  // namespace

void force_capacity(size_t bytes) { forced_bytes = bytes; }

size_t capacity_bytes() {
  if (forced_bytes > 0) return forced_bytes;
  // On a GPU each row has a copy of its window's keys and values.
  const size_t device = whisper::device_memory_bytes();
  if (device > 0) return std::min(3 * kGiB, device / 4);
  return std::min(3 * kGiB / 2, physical_bytes() / 8);
}

size_t window_bytes(const whisper::Model& model, int window_frames) {
  return model.cross_bytes(window_frames) + model.row_bytes(window_frames);
}

int windows_that_fit(const whisper::Model& model) {
  return static_cast<int>(std::max<size_t>(1, capacity_bytes() / window_bytes(model, whisper::kFramesPerWindow)));
}

}  // namespace hearth::scheduler
