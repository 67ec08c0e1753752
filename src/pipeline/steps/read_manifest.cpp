// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// The sections of a manifest: names and values, with continued lines joined.
using Section = std::vector<std::pair<std::string, std::string>>;

Outcome<std::vector<Section>> sections_of(std::string_view text) {
  std::vector<Section> sections(1);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) {
      if (!sections.back().empty()) sections.emplace_back();
      continue;
    }
    if (line.front() == ' ') {
      if (sections.back().empty())
        return raise("java.io.IOException", "misplaced continuation line in the manifest");
      sections.back().back().second += line.substr(1);
      continue;
    }
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos)
      return raise("java.io.IOException", "invalid header field in the manifest: {}", line);
    sections.back().emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  if (sections.back().empty()) sections.pop_back();
  return sections;
}

Outcome<Value> map_of(const Section& section, bool without_name) {
  auto map = std::make_shared<Map>();
  for (const auto& [name, value] : section)
    if (!without_name || name != "Name") TRY(Outcome<void>(map->put(Value(name), Value(value))));
  return Value(std::move(map));
}

/// readManifest file: 'MANIFEST.MF'
class ReadManifest final : public SignedStep {
 public:
  ReadManifest()
      : SignedStep(step("readManifest", "",
                        "Reads a manifest of Java archives: a map with main and entries",
                        {takes("file", Kind::text, "", "The MANIFEST.MF, or the archive with it"),
                         takes("text", Kind::text, "", "The manifest itself")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto file = TRY(arguments.text("file", ""));
    std::string text;
    if (file.ends_with(".jar") || file.ends_with(".war") || file.ends_with(".ear")) {
      const auto path = TRY(context.resolve(file));
      auto output = TRY(capture(context, {"unzip", "-p", path, "META-INF/MANIFEST.MF"}));
      if (output.exit.status != 0)
        return raise("java.io.FileNotFoundException", "{} does not contain a META-INF/MANIFEST.MF",
                     path);
      text = std::move(output.out);
    } else {
      text = TRY(file_or_text(arguments, context, "readManifest"));
    }
    const auto sections = TRY(sections_of(text));
    auto main = Value(std::make_shared<Map>());
    auto entries = std::make_shared<Map>();
    for (std::size_t i = 0; i < sections.size(); ++i) {
      const auto& section = sections[i];
      if (section.front().first == "Name")
        TRY(Outcome<void>(entries->put(Value(section.front().second), TRY(map_of(section, true)))));
      else if (i == 0)
        main = TRY(map_of(section, false));
    }
    auto map = std::make_shared<Map>();
    TRY(Outcome<void>(map->put(Value("main"), main)));
    TRY(Outcome<void>(map->put(Value("entries"), Value(std::move(entries)))));
    return Value(std::move(map));
  }
};

}  // namespace

std::unique_ptr<Step> make_read_manifest() { return std::make_unique<ReadManifest>(); }

}  // namespace cupel::pipeline::steps
