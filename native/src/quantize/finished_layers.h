#pragma once

#include <string>
#include <unordered_set>

namespace hearth::quantize {

/// The layers that are in the weights file for good: a list in a file beside it, a name in each line.
class FinishedLayers {
 public:
  /// Reads the list; none if there is no file. An empty path: nothing is kept.
  explicit FinishedLayers(std::string path);

  bool empty() const { return names_.empty(); }
  bool contains(const std::string& name) const { return names_.contains(name); }
  /// Throws DISK_FULL, OUTPUT_NOT_WRITABLE.
  void add(const std::string& name);
  bool is_kept() const { return !path_.empty(); }

 private:
  std::string path_;
  std::unordered_set<std::string> names_;
};

}  // namespace hearth::quantize
