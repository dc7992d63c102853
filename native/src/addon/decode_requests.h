#pragma once

#include <napi.h>

#include "../whisper/align_rows.h"
#include "../whisper/beam_search.h"
#include "../whisper/decode_rows.h"

namespace hearth::addon {

// What native/decoding.ts declares, as the engine takes it.

whisper::LogitFilters read_filters(const Napi::Object& filters);
whisper::DecodeRequest read_decode_request(const Napi::Object& request);
whisper::BeamRequest read_beam_request(const Napi::Object& request);
whisper::AlignRequest read_align_request(const Napi::Object& request);

}  // namespace hearth::addon
