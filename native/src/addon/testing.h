#pragma once

#include <napi.h>

namespace hearth::addon {

/// What only tests and benchmarks look at: see native/testing.ts.
Napi::Object make_testing(Napi::Env env);

}  // namespace hearth::addon
