#pragma once

#include <cstddef>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <string_view>

#include "errors.h"

namespace hearth {

inline Error out_of_memory() { return Error("OUT_OF_MEMORY", "There is not enough memory for this recording."); }

/// Throws OUT_OF_MEMORY unless this much can be had now. For what MLX's own CPU operations are about to take: they write
/// to what malloc gave them without a look.
inline void require_memory(size_t bytes) {
  const std::unique_ptr<void, decltype(&std::free)> taken(std::malloc(bytes), &std::free);
  if (!taken) throw out_of_memory();
}

/// Whether this is how C++ or one of MLX's devices says that an allocation failed.
inline bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view message = error.what();
  for (const auto* words : {"malloc]", "to allocate", "out of memory"}) {
    if (message.find(words) != std::string_view::npos) return true;
  }
  return false;
}

/// What a failure of the engine is to whoever called it.
inline Error to_error(const std::exception& failure) {
  if (const auto* known = dynamic_cast<const Error*>(&failure)) return *known;
  if (is_out_of_memory(failure)) return out_of_memory();
  // Without a code of ours: a library's words are for the log.
  return Error("ENGINE", failure.what());
}

}  // namespace hearth
