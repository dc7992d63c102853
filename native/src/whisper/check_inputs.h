#pragma once

#include <vector>

#include "align_rows.h"
#include "beam_search.h"
#include "decode_rows.h"

namespace hearth::whisper {

// Every index that comes from outside is looked at before it reads a table or a cache. Each throws INTERNAL.

/// The encoding is this model's own: as many layers and as wide.
void check_encoding(const ModelDimensions& dimensions, const Encoding& encoding);
void check_tokens(const ModelDimensions& dimensions, const std::vector<int>& tokens);
/// Tokens that are read at positions 0 and up: at least one, and no more than there are positions.
void check_context(const ModelDimensions& dimensions, const std::vector<int>& tokens);
void check_filters(int vocabulary_size, const LogitFilters& filters);
void check_inputs(const ModelDimensions& dimensions, const DecodeRequest& request);
void check_inputs(const ModelDimensions& dimensions, const BeamRequest& request);
void check_inputs(const ModelDimensions& dimensions, const AlignRequest& request);

}  // namespace hearth::whisper
