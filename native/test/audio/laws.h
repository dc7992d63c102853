#pragma once

#include <functional>
#include <string>
#include <vector>

namespace hearth::audio {

/// A statement that must hold. `broken` returns every case in which it does not.
struct Law {
  std::string title;
  std::function<std::vector<std::string>()> broken;
};

std::vector<Law> recording_laws();
std::vector<Law> resampler_laws();
std::vector<Law> splice_laws();

}  // namespace hearth::audio
