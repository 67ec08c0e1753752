// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/run_libraries.hpp"
#include "pipeline/steps/git_order.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// From modernSCM([$class: 'GitSCMSource', remote: ...]) and legacySCM(scmGit(...)).
Outcome<void> retriever(const Value& value, LibraryWish& wish) {
  auto map = value.as_map();
  if (!map) return refuse("library: the retriever must be modernSCM(...) or legacySCM(...)");
  for (int depth = 0; depth < 4; ++depth) {
    if (wish.base.empty()) wish.base = text_of(*map, "libraryPath");
    if (wish.remote.empty()) wish.remote = text_of(*map, "remote");
    if (const auto* remotes = map->find(Value("userRemoteConfigs"));
        remotes && remotes->as_list() && !remotes->as_list()->items.empty())
      if (const auto first = remotes->as_list()->items[0].as_map(); first && wish.remote.empty())
        wish.remote = text_of(*first, "url");
    const auto owner = text_of(*map, "repoOwner");
    const auto repository = text_of(*map, "repository");
    if (wish.remote.empty() && !owner.empty() && !repository.empty())
      wish.remote = fmt::format("https://github.com/{}/{}.git", owner, repository);
    const auto* inner = map->find(Value("scm"));
    if (!inner || !inner->as_map()) break;
    map = inner->as_map();
  }
  if (wish.remote.empty()) return refuse("library: the retriever names no remote of git");
  return {};
}

/// library 'x@ref'  |  library identifier: 'x@ref', retriever: modernSCM(...)
class Library final : public SignedStep {
 public:
  Library()
      : SignedStep({.name = "library",
                    .parameters = {{.name = "identifier",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "its name, and a version behind an @"},
                                   {.name = "retriever", .about = "modernSCM(...): where from"},
                                   {.name = "changelog",
                                    .kind = Kind::flag,
                                    .about = "taken, and without effect"}},
                    .default_parameter = "identifier",
                    .about = "Loads a shared library: its variables, classes and resources."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto identifier = TRY(arguments.text("identifier"));
    const auto at = identifier.find('@');
    LibraryWish wish{identifier.substr(0, at)};
    if (at != std::string::npos) wish.ref = identifier.substr(at + 1);
    if (const auto* from = arguments.find("retriever")) TRY(retriever(*from, wish));
    auto& libraries = *context.run().libraries;
    return context.in_turn(context.outer(), [&]() -> Outcome<Value> {
      return library_value(TRY(libraries.add(wish, context.outer())), libraries);
    });
  }
};

/// libraryResource 'com/acme/template.txt'
class LibraryResource final : public SignedStep {
 public:
  LibraryResource()
      : SignedStep({.name = "libraryResource",
                    .parameters = {{.name = "resource",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "its path below resources/"},
                                   {.name = "encoding",
                                    .kind = Kind::text,
                                    .about = "Base64 gives bytes as text",
                                    .otherwise = "UTF-8"}},
                    .default_parameter = "resource",
                    .about = "The text of a file below a library's resources."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto path = TRY(arguments.text("resource"));
    const auto encoding = lower(TRY(arguments.text("encoding", "utf-8")));
    if (encoding != "utf-8" && encoding != "utf8")
      return refuse("libraryResource: the encoding '{}' is not supported", encoding);
    const Interpreter::Turn turn(context.run().interpreter);
    return Value(TRY(context.run().libraries->resource(path)));
  }
};

}  // namespace

std::unique_ptr<Step> make_library() { return std::make_unique<Library>(); }
std::unique_ptr<Step> make_library_resource() { return std::make_unique<LibraryResource>(); }

}  // namespace cupel::pipeline::steps
