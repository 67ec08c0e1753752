// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"
#include "place/transfer.hpp"

namespace cupel::pipeline::steps {
namespace {

/// unarchive mapping: ['out/a.bin' : 'a.bin']
class Unarchive final : public SignedStep {
 public:
  Unarchive()
      : SignedStep(step("unarchive", "mapping", "Copies artifacts of this run to the node",
                        {needs("mapping", Kind::map,
                               "Ant patterns of artifacts, and where each goes: a directory, or "
                               "the name of the only file")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* mapping = arguments.find("mapping");
    if (!mapping || !mapping->as_map())
      return raise("java.lang.IllegalArgumentException",
                   "unarchive: mapping must be a map of patterns and targets");
    for (const auto& [key, value] : mapping->as_map()->entries())
      TRY(copy(TRY(Outcome<std::string>(to_text(key))), TRY(Outcome<std::string>(to_text(value))),
               context));
    return Value();
  }

 private:
  static Outcome<void> copy(const std::string& pattern, const std::string& target,
                            StepContext& context) {
    auto* node = TRY(context.node());
    const auto from = context.files().artifacts();
    const auto names = TRY(Outcome<std::vector<std::string>>(artifacts_below(from, pattern)));
    if (names.empty())
      return raise("hudson.AbortException", "no artifacts to unarchive match \"{}\"", pattern);
    // One file by its name goes to that very path, others below it.
    const bool exact = names.size() == 1 && names.front() == pattern;
    const auto aside = TRY(os::TempDir::make("unarchive"));
    const os::fs::path whole = TRY(context.resolve(target.empty() ? "." : target));
    const bool renamed = exact && !target.empty() && target != "." && !target.ends_with('/');
    for (const auto& name : names) {
      const auto to = aside.path() / (renamed ? whole.filename().string() : name);
      TRY(os::make_directories(to.parent_path()));
      std::error_code error;
      os::fs::copy(from / name, to, os::fs::copy_options::copy_symlinks, error);
      if (error) return raise("java.io.IOException", "unarchive {}: {}", name, error.message());
    }
    const auto directory = renamed ? whole.parent_path() : whole;
    auto pushed =
        place::push_directory(node->place(), directory.string(), aside.path(), context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    return {};
  }
};

}  // namespace

std::unique_ptr<Step> make_unarchive() { return std::make_unique<Unarchive>(); }

}  // namespace cupel::pipeline::steps
