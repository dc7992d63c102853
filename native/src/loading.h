#pragma once

#include <exception>
#include <string>

#include "errors.h"
#include "memory.h"

namespace hearth {

/// Loads a model's file. Whatever a library says of one that nobody expected (a type, a shape, a header) is
/// MODEL_INVALID; a want of memory stays what it is.
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
