#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "mlx/array.h"

namespace hearth::quantize {

/// A tensor that a file is going to have.
struct PlannedTensor {
  std::string name;
  mlx::core::Dtype dtype;
  mlx::core::Shape shape;
};

/// Writes a safetensors file whose tensors come one at a time, in any order.
class WeightsWriter {
 public:
  enum class Start { anew, where_it_ended };

  /// Throws DISK_FULL, OUTPUT_NOT_WRITABLE.
  WeightsWriter(const std::string& path, const std::vector<PlannedTensor>& tensors, Start start);

  /// Throws DISK_FULL, OUTPUT_NOT_WRITABLE, and INTERNAL for a tensor that was not planned so.
  void put(const std::string& name, const mlx::core::array& tensor);
  /// A tensor that an earlier run has written, which stays. Throws OUTPUT_NOT_WRITABLE.
  mlx::core::array take_written(const std::string& name);
  /// What was put is on the disk.
  void save();
  /// The file is whole and on the disk.
  void finish();

 private:
  struct Place {
    uint64_t offset;
    uint64_t byte_count;
    mlx::core::Dtype dtype;
    mlx::core::Shape shape;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void write(uint64_t offset, const void* bytes, size_t count);

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::unordered_map<std::string, Place> places_;
};

}  // namespace hearth::quantize
