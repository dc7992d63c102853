#pragma once

#include "../audio/recording.h"
#include "../cancellation.h"
#include "../vad/silero.h"
#include "../whisper/model.h"
#include "handle.h"

namespace hearth::addon {

template <>
struct HandleTag<Cancellation> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x63616e63656c0001};
};
template <>
struct HandleTag<audio::Recording> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x7265636f72640002};
};
template <>
struct HandleTag<whisper::Model> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x6d6f64656c000003};
};
template <>
struct HandleTag<whisper::Mel> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x6d656c0000000004};
};
template <>
struct HandleTag<whisper::Encoding> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x656e636f64650005};
};
template <>
struct HandleTag<vad::Silero> {
  static constexpr napi_type_tag value = {0x6865617274680001, 0x766f696365000006};
};

}  // namespace hearth::addon
