// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/run_libraries.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/syntax/diagnostic.hpp"
#include "pipeline/syntax/parser.hpp"

namespace cupel::pipeline {
namespace {

namespace fs = os::fs;

constexpr std::size_t largest_source = 4U << 20;
constexpr std::size_t largest_resource = 64U << 20;

Outcome<Value> plain(const LibraryVersion& version) {
  auto map = std::make_shared<Map>();
  const std::array<std::pair<const char*, std::string>, 5> parts = {{{"name", version.name},
                                                                     {"ref", version.ref},
                                                                     {"commit", version.commit},
                                                                     {"source", version.source},
                                                                     {"base", version.base}}};
  for (const auto& [name, text] : parts) TRY(Outcome<void>(map->put(Value(name), Value(text))));
  return Value(std::move(map));
}

LibraryVersion version_of(const Value& value) {
  const auto map = value.as_map();
  const auto text = [&map](const char* name) {
    const auto* found = map ? map->find(Value(name)) : nullptr;
    return found && found->as_text() ? *found->as_text() : std::string();
  };
  return {text("name"), text("ref"), text("commit"), text("source"), text("base")};
}

/// A name of a variable or class, so that it cannot lead out of its directory.
bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '$' || c == '-';
  });
}

/// The package library('x').com.acme, or a class in it.
class LibraryPackage final : public Object {
 public:
  LibraryPackage(LibraryVersion version, std::string path, RunLibraries& libraries)
      : version_(std::move(version)), path_(std::move(path)), libraries_(libraries) {}

  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.libs.LibraryStep$LoadedClasses";
  }

  Outcome<Value> get(const std::string& name, Context& context) override {
    const auto path = path_.empty() ? name : path_ + "." + name;
    // Packages begin small, classes do not.
    if (!name.empty() && std::isupper(static_cast<unsigned char>(name[0]))) {
      auto found = TRY(context.run.interpreter.class_named(path, context));
      if (found) return std::move(*found);
    } else if (libraries_.has_package(path)) {
      return Value(
          std::shared_ptr<Object>(std::make_shared<LibraryPackage>(version_, path, libraries_)));
    }
    return raise("java.lang.ClassNotFoundException", "{} is not in the library '{}'", path,
                 version_.name);
  }

 private:
  LibraryVersion version_;
  std::string path_;
  RunLibraries& libraries_;
};

}  // namespace

RunLibraries::RunLibraries(Interpreter& interpreter, Libraries* libraries)
    : interpreter_(interpreter), libraries_(libraries) {
  interpreter.find_globals_by(
      [this](const std::string& name, Context& context) { return global(name, context); });
  interpreter.find_classes_by(
      [this](const std::string& name, Context& context) { return read_class(name, context); });
}

Outcome<void> RunLibraries::add_implicit(Context& context) {
  if (!libraries_) return {};
  for (const auto& name : libraries_->implicit()) TRY(add(LibraryWish{name}, context));
  return {};
}

Outcome<LibraryVersion> RunLibraries::add(const std::string& name_and_ref, Context& context) {
  const auto at = name_and_ref.find('@');
  LibraryWish wish{name_and_ref.substr(0, at)};
  if (at != std::string::npos) wish.ref = name_and_ref.substr(at + 1);
  return add(wish, context);
}

Outcome<std::optional<LibraryVersion>> RunLibraries::loaded(const LibraryWish& wish) const {
  for (const auto& one : loaded_) {
    if (one.version.name != wish.name) continue;
    if (wish.ref && *wish.ref != one.version.ref)
      return raise("hudson.AbortException",
                   "Library {} was already loaded in the version '{}'; '{}' cannot be loaded too",
                   wish.name, one.version.ref, *wish.ref);
    return std::optional(one.version);
  }
  return std::optional<LibraryVersion>();
}

Outcome<RunLibraries::Loaded> RunLibraries::fetch(const LibraryWish& wish, Context& context) {
  const auto resolve = [&](const StepId&, Attempt&) -> Outcome<Value> {
    return plain(TRY(Outcome<LibraryVersion>(libraries_->resolve(wish, context.stop))));
  };
  const auto known = TRY(interpreter_.perform(
      {"library " + wish.name + "@" + wish.ref.value_or(""), "", Replay::reads}, context, resolve));
  Loaded fetched{version_of(known), {}};
  TRY(interpreter_.apart(context, "fetch " + wish.name, [&]() -> Outcome<Value> {
    fetched.directory = TRY(Outcome<fs::path>(libraries_->open(fetched.version, context.stop)));
    return Value();
  }));
  return fetched;
}

Outcome<LibraryVersion> RunLibraries::add(const LibraryWish& wish, Context& context) {
  if (const auto known = TRY(loaded(wish))) return *known;
  if (!libraries_)
    return raise("hudson.AbortException",
                 "Could not find any definition of libraries [{}]: give one with --library or "
                 "[[library]] in cupel.toml",
                 wish.name);
  auto fetched = TRY(fetch(wish, context));
  // Another branch may have been quicker.
  if (const auto known = TRY(loaded(wish))) return *known;
  const auto& directory = fetched.directory;
  std::error_code ignored;
  if (!fs::is_directory(directory / "vars", ignored) &&
      !fs::is_directory(directory / "src", ignored) &&
      !fs::is_directory(directory / "resources", ignored))
    return raise("hudson.AbortException",
                 "Library {} expected to contain at least one of src, vars or resources "
                 "directories",
                 wish.name);
  auto version = fetched.version;
  context.note(fmt::format("Loading library {}@{}", version.name,
                           version.ref.empty() ? version.commit.substr(0, 12) : version.ref));
  loaded_.push_back(std::move(fetched));
  absent_.clear();
  return version;
}

std::optional<RunLibraries::Place> RunLibraries::find(const fs::path& relative) const {
  for (const auto& one : loaded_) {
    std::error_code error;
    const auto file = one.directory / relative;
    if (!fs::is_regular_file(file, error)) continue;
    // A link must not lead out of the library.
    const auto root = fs::canonical(one.directory, error);
    if (error) continue;
    const auto real = fs::canonical(file, error).lexically_relative(root);
    if (error || real.empty() || *real.begin() == "..") continue;
    return Place{file, one.version.name + "/" + relative.generic_string()};
  }
  return std::nullopt;
}

Outcome<Value> RunLibraries::read(const Place& place, const std::string& class_name,
                                  Context& context) {
  auto text = TRY(Outcome<std::string>(os::read_file(place.file, largest_source)));
  auto file = std::make_shared<GroovyFile>();
  const auto source = std::make_shared<const syntax::Source>(place.name, std::move(text));
  syntax::Diagnostics diagnostics;
  file->source = source;
  file->tree = std::make_shared<const syntax::Script>(syntax::parse(*source, diagnostics));
  file->class_name = class_name;
  for (const auto& diagnostic : diagnostics.sorted()) {
    if (diagnostic.severity != syntax::Severity::error) continue;
    return raise("org.codehaus.groovy.control.MultipleCompilationErrorsException", "{}",
                 syntax::headline(*source, diagnostic));
  }
  return interpreter_.add_file(std::move(file), nullptr, context);
}

Outcome<std::optional<Value>> RunLibraries::global(const std::string& name, Context& context) {
  if (loaded_.empty() || !is_name(name)) return std::optional<Value>();
  if (const auto known = globals_.find(name); known != globals_.end())
    return std::optional<Value>(known->second);
  if (absent_.contains(name)) return std::optional<Value>();
  const auto place = find(fs::path("vars") / (name + ".groovy"));
  if (!place) {
    absent_.insert(name);
    return std::optional<Value>();
  }
  if (!being_read_.insert(place->name).second)
    return raise("hudson.AbortException", "{} needs itself while it is being loaded", place->name);
  auto script = read(*place, name, context);
  // Its fields get their values; what else stands at its top runs, though in Jenkins it would not.
  if (script) {
    globals_.emplace(name, *script);
    auto ran = interpreter_.run_script(*script, context);
    if (!ran) {
      globals_.erase(name);
      script = std::move(ran);
    }
  }
  being_read_.erase(place->name);
  return std::optional<Value>(TRY(std::move(script)));
}

Outcome<bool> RunLibraries::read_class(const std::string& name, Context& context) {
  if (loaded_.empty()) return false;
  fs::path relative = "src";
  for (const auto& part : split(name, '.')) {
    if (!is_name(part)) return false;
    relative /= part;
  }
  relative += ".groovy";
  const auto place = find(relative);
  if (!place) return false;
  TRY(read(*place, name.substr(name.rfind('.') + 1), context));
  return true;
}

Outcome<std::string> RunLibraries::resource(const std::string& path) const {
  const auto normal = fs::path(path).lexically_normal();
  const bool inside = !path.empty() && normal.is_relative() && *normal.begin() != "..";
  const auto place = inside ? find(fs::path("resources") / normal) : std::nullopt;
  if (!place)
    return raise("hudson.AbortException", "No such library resource {} could be found.", path);
  return TRY(Outcome<std::string>(os::read_file(place->file, largest_resource)));
}

bool RunLibraries::has_package(const std::string& name) const {
  auto relative = fs::path("src");
  for (const auto& part : split(name, '.')) {
    if (!is_name(part)) return false;
    relative /= part;
  }
  return std::any_of(loaded_.begin(), loaded_.end(), [&](const Loaded& one) {
    std::error_code ignored;
    return fs::is_directory(one.directory / relative, ignored);
  });
}

Value library_value(const LibraryVersion& version, RunLibraries& libraries) {
  return Value(std::shared_ptr<Object>(std::make_shared<LibraryPackage>(version, "", libraries)));
}

}  // namespace cupel::pipeline
