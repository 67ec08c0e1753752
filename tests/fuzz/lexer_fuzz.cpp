// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  using namespace cupel::pipeline::syntax;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const Source source("fuzz", std::string(text));
  Diagnostics diagnostics;
  const auto tokens = tokenize(source, diagnostics);
  if (tokens.empty() || tokens.back().kind != TokenKind::end) __builtin_trap();
  render(source, diagnostics.sorted());
  return 0;
}
