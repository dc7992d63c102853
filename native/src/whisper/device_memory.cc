#include "device_memory.h"

#include <variant>

#include "mlx/device.h"

namespace mx = mlx::core;

namespace hearth::whisper {

size_t device_memory_bytes() {
  if (!mx::is_available(mx::Device::gpu)) return 0;
  const auto& info = mx::device_info(mx::Device::gpu);
  for (const auto* name : {"max_recommended_working_set_size", "total_memory", "memory_size"}) {
    const auto found = info.find(name);
    if (found != info.end() && std::holds_alternative<size_t>(found->second)) return std::get<size_t>(found->second);
  }
  return 0;
}

std::string device_name() {
  if (!mx::is_available(mx::Device::gpu)) return "";
  const auto& info = mx::device_info(mx::Device::gpu);
  const auto found = info.find("device_name");
  return found != info.end() && std::holds_alternative<std::string>(found->second) ? std::get<std::string>(found->second)
                                                                                   : "";
}

}  // namespace hearth::whisper
