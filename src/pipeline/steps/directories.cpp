// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// dir('sub') { ... }
class Dir final : public SignedStep {
 public:
  Dir() : SignedStep({"dir", {{"path", Kind::text, true}}, "path", true}) {}

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
  DeleteDir() : SignedStep({"deleteDir", {}, "", false}) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    auto* node = TRY(context.node());
    place::Command command;
    command.argv = {"rm", "-rf", "--", context.directory()};
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
  Pwd() : SignedStep({"pwd", {{"tmp", Kind::flag}}, "", false}) {}

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
