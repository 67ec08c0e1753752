// SPDX-License-Identifier: Apache-2.0
#include "cupel/knowledge.hpp"

#include "cupel/project.hpp"
#include "pipeline/interpreter/library_uses.hpp"
#include "pipeline/interpreter/lint.hpp"
#include "pipeline/steps/all.hpp"
#include "runs/library_cache.hpp"

namespace cupel {
namespace {

namespace fs = os::fs;
namespace syntax = pipeline::syntax;

bool is_name(std::string_view text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$';
         });
}

std::vector<std::string> variables_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().extension() == ".groovy" && is_name(entry->path().stem().string()))
      names.push_back(entry->path().stem().string());
  std::ranges::sort(names);
  return names;
}

/// Libraries that the file asks for and the settings do not define.
std::vector<syntax::Diagnostic> unknown_libraries(const syntax::Jenkinsfile& file,
                                                  const fleet::Settings& settings) {
  std::vector<syntax::Diagnostic> found;
  for (const auto& use : pipeline::library_uses(file)) {
    const auto same = [&](const auto& library) { return library.name == use.name; };
    if (std::ranges::any_of(settings.libraries, same)) continue;
    std::vector<std::string> names;
    for (const auto& library : settings.libraries) names.push_back(library.name);
    const auto meant = nearest(use.name, names);
    found.push_back(
        {use.span,
         fmt::format("no library '{}' is defined, so its names are not checked",
                     printable(use.name)),
         meant ? fmt::format("did you mean '{}'?", *meant)
               : "cupel run needs a [[library]] in cupel.toml, or --library",
         settings.libraries.empty() ? syntax::Severity::warning : syntax::Severity::error});
  }
  return found;
}

}  // namespace

Result<fleet::SettingsFiles> settings_files(const Whereabouts& where,
                                            const Surroundings& surroundings) {
  std::error_code error;
  const auto project = fs::canonical(where.project, error);
  if (error) return fail_errno(error.value(), "-C {}", where.project.string());
  auto directory = fs::canonical((project / where.file).parent_path(), error);
  if (error) directory = project;
  return surroundings.home.settings(where.named, fleet::nearest_settings(directory, project));
}

Result<fleet::Settings> settings_of(const Whereabouts& where, const Surroundings& surroundings) {
  return fleet::load_settings(TRY(settings_files(where, surroundings)));
}

Knowledge::Knowledge(fleet::Settings settings, pipeline::StepTable steps)
    : settings_(std::move(settings)), steps_(std::move(steps)) {}

Result<Knowledge> Knowledge::of(fleet::Settings settings, const Surroundings& surroundings) {
  auto steps = TRY(pipeline::steps::with_mapped(settings.operation.steps), "[steps] of cupel.toml");
  Knowledge knowledge(std::move(settings), std::move(steps));
  knowledge.learn_libraries(surroundings);
  return knowledge;
}

void Knowledge::learn_libraries(const Surroundings& surroundings) {
  const runs::LibraryCache cache(surroundings.home.cache / "libraries", {});
  for (const auto& library : settings_.libraries) {
    if (library.implicit != pipeline::LibrarySettings::Implicit::yes) continue;
    const auto directory = cache.at_hand(library);
    if (!directory) {
      others_ = syntax::Vocabulary::Others::of_libraries;
      continue;
    }
    directories_.push_back(*directory / "vars");
    for (auto& name : variables_in(directories_.back())) globals_.push_back(std::move(name));
  }
}

syntax::Vocabulary Knowledge::vocabulary() const {
  syntax::Vocabulary vocabulary(steps_.signatures());
  vocabulary.mapped = globals_;
  vocabulary.others = others_;
  return vocabulary;
}

syntax::Jenkinsfile Knowledge::read(const syntax::Source& source) const {
  auto file = pipeline::read_and_lint(source, vocabulary());
  auto more = unknown_libraries(file, settings_);
  const fleet::Catalog catalog(settings_);
  for (auto& node : unknown_nodes(file.script, catalog)) more.push_back(std::move(node));
  if (file.pipeline) {
    auto unknown = unknown_places(*file.pipeline, catalog);
    for (auto& box : unknown.boxes) more.push_back(std::move(box));
    for (auto& label : unknown.labels) {
      if (settings_.nodes.empty()) label.severity = syntax::Severity::warning;
      more.push_back(std::move(label));
    }
  }
  if (more.empty()) return file;
  file.diagnostics.insert(file.diagnostics.end(), std::make_move_iterator(more.begin()),
                          std::make_move_iterator(more.end()));
  std::ranges::stable_sort(file.diagnostics, {},
                           [](const auto& one) { return one.span.begin.offset; });
  return file;
}

}  // namespace cupel
