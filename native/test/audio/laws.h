#pragma once

#include <functional>
#include <string>
#include <vector>

namespace hearth::audio {

/// One statement that must hold. `broken` gives every case in which it does not.
struct Law {
  std::string title;
  std::function<std::vector<std::string>()> broken;
};

std::vector<Law> resampler_laws();
std::vector<Law> splice_laws();

}  // namespace hearth::audio
