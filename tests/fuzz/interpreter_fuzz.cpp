// SPDX-License-Identifier: Apache-2.0
#include "fuzz/small_run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  cupel::pipeline::run_small(std::string(reinterpret_cast<const char*>(bytes), size));
  return 0;
}
