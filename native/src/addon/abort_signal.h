#pragma once

#include <napi.h>

#include "../cancellation.h"

namespace hearth::addon {

/// What an `AbortSignal` cancels, one for every call that is given it; for no signal, what nobody cancels.
CancellationPointer cancellation_of(const Napi::Value& signal);

}  // namespace hearth::addon
