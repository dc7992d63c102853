#pragma once

#include <napi.h>

#include "../whisper/align_text.h"
#include "../whisper/beam_text.h"
#include "../whisper/sampled_text.h"

namespace hearth::addon {

// Parts of what native/session.ts declares, as the engine takes them.

whisper::LogitFilters read_filters(const Napi::Value& filters);
whisper::Prompt read_prompt(const Napi::Object& request);
/// Empty where there is none.
std::vector<int> read_draft(const Napi::Object& request);
whisper::DecodingRules read_rules(const Napi::Object& request);
whisper::SampleSettings read_sample(const Napi::Value& sample);
whisper::BeamSettings read_beams(const Napi::Object& request);
whisper::AlignRequest read_align_request(const Napi::Object& request);

}  // namespace hearth::addon
