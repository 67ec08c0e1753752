// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/declarative.hpp"
#include "support/step_signatures.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace cupel::pipeline::syntax;
  static const auto steps = some_steps();
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const Source source("fuzz", std::string(text));
  const auto file = read_jenkinsfile(source, steps);
  render(source, file.diagnostics);
  return 0;
}
