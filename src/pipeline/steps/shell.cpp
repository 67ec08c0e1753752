// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

constexpr std::size_t stdout_limit = 64U << 20;

/// What a command prints: to the log, or kept for returnStdout.
class Output {
 public:
  Output(StepContext& context, bool keep, StopSource& too_much)
      : context_(context), keep_(keep), too_much_(too_much) {}

  void take(place::Stream stream, std::string_view bytes) {
    if (!keep_ || stream == place::Stream::err) return context_.output(stream, bytes);
    if (kept.size() + bytes.size() > stdout_limit) {
      overflow = true;
      too_much_.request();
      return;
    }
    kept += bytes;
  }

  std::string kept;
  bool overflow = false;

 private:
  StepContext& context_;
  bool keep_;
  StopSource& too_much_;
};

/// sh 'make test'  |  sh script: 'make test', returnStatus: true
class Shell final : public SignedStep {
 public:
  Shell()
      : SignedStep({"sh",
                    {{"script", Kind::text, true},
                     {"label", Kind::text},
                     {"returnStdout", Kind::flag},
                     {"returnStatus", Kind::flag},
                     {"encoding", Kind::text}},
                    "script",
                    false}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto script = TRY(arguments.text("script"));
    const auto encoding = lower(TRY(arguments.text("encoding", "utf-8")));
    if (encoding != "utf-8" && encoding != "utf8")
      return refuse("sh: the encoding '{}' is not supported; output is taken as UTF-8", encoding);
    const bool status = TRY(arguments.flag("returnStatus"));
    const bool keep = TRY(arguments.flag("returnStdout")) && !status;

    StopSource too_much(context.stop());
    Output output(context, keep, too_much);
    auto exit = execute(script, output, context, too_much.stop());
    if (output.overflow)
      return raise("hudson.AbortException", "returnStdout: the script printed more than {} MiB",
                   stdout_limit >> 20);
    if (!exit) return tl::unexpected(context.failure(std::move(exit.error())));
    if (status) return Value(exit->status);
    if (exit->status != 0)
      return raise("hudson.AbortException", "script returned exit code {}", exit->status);
    if (keep) return Value(std::move(output.kept));
    return Value();
  }

 private:
  static Result<os::Exit> execute(const std::string& script, Output& output, StepContext& context,
                                  const Stop& stop) {
    auto* node = TRY(context.node());
    const auto name = "script-" + digest_of(context.id().branch).brief() + "-" +
                      std::to_string(context.id().ordinal) + ".sh";
    const auto path = node->workspace_tmp() + "/" + name;
    TRY(push_text(node->place(), node->workspace_tmp(), name, script, 0755, stop));

    place::Command command;
    if (script.starts_with("#!"))
      command.argv = {path};
    else
      command.argv = {"sh", "-xe", path};
    command.directory = context.directory();
    command.environment = context.here().variables();
    const auto sink = [&](place::Stream stream, std::string_view bytes) {
      output.take(stream, bytes);
    };
    auto exit = place::run(node->place(), command, sink, stop);
    if (exit || exit.error().fault() != Fault::not_found) return exit;
    // The directory may be gone (deleteDir): Jenkins makes it again.
    TRY(make_directory(node->place(), context.directory(), stop));
    return place::run(node->place(), command, sink, stop);
  }
};

}  // namespace

std::unique_ptr<Step> make_shell() { return std::make_unique<Shell>(); }

}  // namespace cupel::pipeline::steps
