// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"
#include "place/transfer.hpp"

namespace cupel::pipeline::steps {
namespace {

/// Jenkins' rule for names of items: they become file names.
Outcome<void> check_name(const std::string& name) {
  const bool control = std::any_of(name.begin(), name.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (name.empty() || name == "." || name == ".." || control || name.size() > 200 ||
      name.find_first_of("?*/\\%!@#$^&|<>[]:;") != std::string::npos)
    return raise("java.lang.IllegalArgumentException", "'{}' is not a safe name for a stash", name);
  return {};
}

/// stash 'name'  |  stash name: 'name', includes: '**/*.o', allowEmpty: true
class Stash final : public SignedStep {
 public:
  Stash()
      : SignedStep(
            step("stash", "name", "Keeps files of the node for later in this run, on any node",
                 {needs("name", Kind::text, "What unstash calls it"),
                  takes("includes", Kind::text, "everything", "Ant patterns of the files"),
                  takes("excludes", Kind::text, "", "Ant patterns of those that are not"),
                  takes("useDefaultExcludes", Kind::flag, "true",
                        "Whether Ant's default excludes are left out"),
                  takes("allowEmpty", Kind::flag, "false", "Whether no file at all is fine")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto name = TRY(arguments.text("name"));
    TRY(check_name(name));
    using Defaults = os::Selection::Defaults;
    const auto defaults =
        TRY(arguments.flag("useDefaultExcludes", true)) ? Defaults::exclude : Defaults::keep;
    os::PackOptions options;
    options.selection = selection_of(TRY(arguments.text("includes", "**")),
                                     TRY(arguments.text("excludes", "")), defaults);
    options.take = os::PackOptions::Take::files;
    auto* node = TRY(context.node());
    const auto file = context.files().stash(name);
    TRY(os::make_directories(file.parent_path()));
    auto packed = pull_to_file(node->place(), context.directory(), options, file, context.stop());
    if (!packed) return tl::unexpected(context.failure(std::move(packed.error())));
    if (packed->files == 0 && !TRY(arguments.flag("allowEmpty"))) {
      TRY(os::remove_tree(file));
      return raise("hudson.AbortException", "No files included in stash '{}'", name);
    }
    context.print("Stashed " + std::to_string(packed->files) + " file(s)");
    return Value();
  }
};

/// unstash 'name'
class Unstash final : public SignedStep {
 public:
  Unstash()
      : SignedStep(step("unstash", "name", "Puts the files of a stash into the current directory",
                        {needs("name", Kind::text, "The name that it was stashed under")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto name = TRY(arguments.text("name"));
    TRY(check_name(name));
    auto* node = TRY(context.node());
    const auto file = context.files().stash(name);
    std::error_code error;
    if (!os::fs::exists(file, error))
      return raise("hudson.AbortException", "No such saved stash '{}'", name);
    const auto source = TRY(place::read_in_pieces(file, context.stop()));
    auto pushed = node->place().push(source, context.directory(), context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_stash() { return std::make_unique<Stash>(); }
std::unique_ptr<Step> make_unstash() { return std::make_unique<Unstash>(); }

}  // namespace cupel::pipeline::steps
