// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "pipeline/convert/to_groovy.hpp"
#include "pipeline/convert/to_json.hpp"
#include "support/step_signatures.hpp"

/// A foreign document gives a pipeline or an error; a valid pipeline made of it converts back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cupel::pipeline;
  const auto document =
      cupel::json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!document) return 0;
  const auto steps = syntax::some_steps();
  const auto text = convert::to_groovy(*document, steps);
  if (!text) return 0;
  const syntax::Source source("made", *text);
  const auto file = syntax::read_jenkinsfile(source, steps);
  if (file.valid() && file.pipeline) {
    CHECK(convert::to_json(source, file.script, steps).has_value(),
          "what was made cannot be converted");
  }
  return 0;
}
