#pragma once

#include <napi.h>

namespace hearth::addon {

/// Adds the functions that native/addon.ts declares.
void add_audio_calls(Napi::Object& exports);
void add_model_calls(Napi::Object& exports);
void add_decode_calls(Napi::Object& exports);
void add_vad_calls(Napi::Object& exports);
void add_process_calls(Napi::Object& exports);

}  // namespace hearth::addon
