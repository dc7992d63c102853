#pragma once

#include <exception>
#include <string>

#include "errors.h"
#include "memory.h"

namespace hearth {

/// Loads a model's file. Whatever a library reports about an unexpected file (a type, a shape, a header) becomes
/// MODEL_INVALID. A lack of memory stays an error of its own.
template <typename Load>
auto loading(const std::string& path, const Load& load) {
  try {
    return load();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& cause) {
    if (is_out_of_memory(cause)) throw;
    throw Error("MODEL_INVALID", "Expected the weights of a model at " + path + ", got a file that is damaged.");
  }
}

}  // namespace hearth
