#include "finished_layers.h"

#include <fstream>

#include "write_failure.h"

namespace hearth::quantize {

FinishedLayers::FinishedLayers(std::string path) : path_(std::move(path)) {
  std::ifstream file(path_, std::ios::binary);
  for (std::string name; std::getline(file, name);) {
    // A line without an end is one that a crash cut off.
    if (!file.eof()) names_.insert(name);
  }
}

void FinishedLayers::add(const std::string& name) {
  names_.insert(name);
  if (!is_kept()) return;
  std::ofstream file(path_, std::ios::binary | std::ios::app);
  file << name << '\n' << std::flush;
  if (!file) fail_to_write(path_);
}

}  // namespace hearth::quantize
