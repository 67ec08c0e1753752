// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// dir('sub') { ... }
class Dir final : public SignedStep {
 public:
  Dir()
      : SignedStep(block(
            "dir", "path", "Runs its body in another directory of the node",
            {needs("path", Kind::text,
                   "Relative to the current directory; a command makes it where it is missing")})) {
  }

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    inner.directory = TRY(context.resolve(TRY(arguments.text("path"))));
    while (inner.directory.size() > 1 && inner.directory.ends_with('/')) inner.directory.pop_back();
    context.note("Running in " + inner.directory);
    return context.run_body(inner);
  }
};

/// deleteDir(): the current directory, with all in it.
class DeleteDir final : public SignedStep {
 public:
  DeleteDir()
      : SignedStep(step("deleteDir", "", "Removes the current directory, with all in it", {})) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    auto* node = TRY(context.node());
    place::Command command;
    // A container's workspace is a mount: it can be emptied only.
    command.argv = {"sh", "-c", R"sh(rm -rf -- "$1" || [ -z "$(ls -A -- "$1")" ])sh", "sh",
                    context.directory()};
    command.directory = "/";
    auto output = place::run_captured(node->place(), command, context.stop());
    if (!output) return tl::unexpected(context.failure(std::move(output.error())));
    if (output->exit.status != 0)
      return raise("java.io.IOException", "deleteDir: {}", trim(output->err));
    return Value();
  }
};

/// pwd(), pwd(tmp: true)
class Pwd final : public SignedStep {
 public:
  Pwd()
      : SignedStep(
            step("pwd", "", "The current directory",
                 {takes("tmp", Kind::flag, "false",
                        "Whether the directory for temporary files instead: WORKSPACE_TMP")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* node = TRY(context.node());
    return Value(TRY(arguments.flag("tmp")) ? node->workspace_tmp() : context.directory());
  }
};

}  // namespace

std::unique_ptr<Step> make_dir() { return std::make_unique<Dir>(); }
std::unique_ptr<Step> make_delete_dir() { return std::make_unique<DeleteDir>(); }
std::unique_ptr<Step> make_pwd() { return std::make_unique<Pwd>(); }

}  // namespace cupel::pipeline::steps
