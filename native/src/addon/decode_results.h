#pragma once

#include <napi.h>

#include "../whisper/align_rows.h"
#include "../whisper/beam_search.h"
#include "../whisper/decode_rows.h"

namespace hearth::addon {

// What the engine gives, as native/decoding.ts declares it.

Napi::Value describe(Napi::Env env, const whisper::DecodeResult& result);
Napi::Value describe(Napi::Env env, const whisper::BeamResult& result);
Napi::Value describe(Napi::Env env, const whisper::Alignment& alignment);

/// An array of them.
template <typename Result>
Napi::Value describe_all(Napi::Env env, const std::vector<Result>& results) {
  auto array = Napi::Array::New(env, results.size());
  for (size_t i = 0; i < results.size(); ++i) array.Set(static_cast<uint32_t>(i), describe(env, results[i]));
  return array;
}

}  // namespace hearth::addon
