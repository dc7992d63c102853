#pragma once

#include <napi.h>

namespace hearth::addon {

/// For tests and benchmarks only: see native/testing.ts.
Napi::Object make_testing(Napi::Env env);

}  // namespace hearth::addon
