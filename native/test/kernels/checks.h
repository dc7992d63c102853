#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hearth::kernels::checks {

/// Normal random numbers, the same in every run.
std::vector<float> random_floats(size_t count, uint32_t seed);

/// Largest difference from the reference, relative to the reference's root mean square.
double relative_error(const std::vector<float>& values, const std::vector<double>& reference);

/// Prints the check and records whether it failed.
void expect_close(const std::string& what, const std::vector<float>& values, const std::vector<double>& reference,
                  double tolerance);
void expect(const std::string& what, bool holds);

/// How many checks failed so far.
int failures();

void check_linear();
void check_attention();
void check_rows();
void check_int8();

}  // namespace hearth::kernels::checks
