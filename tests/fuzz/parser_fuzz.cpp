// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace cupel::pipeline::syntax;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const Source source("fuzz", std::string(text));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  render(source, diagnostics.sorted());
  return 0;
}
