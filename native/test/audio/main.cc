#include <iostream>

#include "laws.h"

/// Prints `ok TITLE` or `not ok TITLE: CASES` for each law. Fails if one is broken.
int main() {
  bool all_hold = true;
  std::vector<hearth::audio::Law> laws = hearth::audio::resampler_laws();
  for (const auto& more : {hearth::audio::splice_laws(), hearth::audio::recording_laws()}) {
    laws.insert(laws.end(), more.begin(), more.end());
  }
  for (const hearth::audio::Law& law : laws) {
    const std::vector<std::string> broken = law.broken();
    std::cout << (broken.empty() ? "ok " : "not ok ") << law.title;
    for (const std::string& text : broken) std::cout << ": " << text;
    std::cout << '\n';
    all_hold = all_hold && broken.empty();
  }
  return all_hold ? 0 : 1;
}
