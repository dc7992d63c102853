#pragma once

namespace hearth::quantize {

/// The values that a group of weights can have: `scale * code + bias`, as halves.
struct Grid {
  float scale;
  float bias;
};

/// As the file stores it; a scale is never 0.
Grid stored(const Grid& grid);
/// The code, 0 to `highest`, whose value is nearest.
float code_of(float weight, const Grid& grid, float highest);

struct Group {
  const float* weights;
  const float* importance;  ///< of each one's error
  int size;
  float highest;
};

/// Over ranges that are cut at both ends, the best of them refined: the grid with the least weighted error.
Grid best_grid(const Group& group);

}  // namespace hearth::quantize
