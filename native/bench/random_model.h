#pragma once

#include <string>

#include "../src/whisper/model.h"

namespace hearth {

/// A model file of this shape with random weights, quantised to 4 bits in groups of 64: they only have to take as long
/// as real ones. The rest of the source stays as it is.
whisper::ModelSource random_source(whisper::ModelSource source, const whisper::ModelDimensions& dimensions,
                                   const std::string& name);

}  // namespace hearth
