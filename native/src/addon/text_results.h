#pragma once

#include <napi.h>

#include <memory>

#include "../whisper/align_text.h"
#include "../whisper/text.h"

namespace hearth::addon {

// What the engine gives, as native/session.ts declares it.

/// Of a SampledText that has ended.
Napi::Value describe_sampled(Napi::Env env, const std::shared_ptr<whisper::Text>& text);
/// Of a BeamText that has ended.
Napi::Value describe_search(Napi::Env env, const std::shared_ptr<whisper::Text>& text);
Napi::Value describe_alignment(Napi::Env env, const whisper::Alignment& alignment);

}  // namespace hearth::addon
