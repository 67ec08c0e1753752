// SPDX-License-Identifier: Apache-2.0
// Whatever stands between the quotes of a GString: it is printed, or an error says why not.
#include "fuzz/small_run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  cupel::pipeline::run_small("def x = [y: [z: 1]]\ndef s = \"\"\"" + text + "\"\"\"\ns.toString()\n");
  return 0;
}
