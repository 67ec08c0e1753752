// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/rebootable.hpp"
#include "pipeline/steps/encoding.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t stdout_limit = 64U << 20;

/// Bytes of one stream as UTF-8.
class Decoder {
 public:
  static Result<Decoder> make(const std::string& encoding) {
    Decoder decoder;
    if (!is_utf8(encoding)) decoder.transcoder_ = TRY(Transcoder::make(encoding, "UTF-8"));
    return decoder;
  }
  std::string feed(std::string_view bytes) {
    return transcoder_ ? transcoder_->feed(bytes) : std::string(bytes);
  }
  std::string finish() { return transcoder_ ? transcoder_->finish() : std::string(); }

 private:
  std::optional<Transcoder> transcoder_;
};

/// What a command prints: to the log, or kept for returnStdout.
class Output {
 public:
  Output(StepContext& context, bool keep, StopSource& too_much, std::array<Decoder, 2> decoders)
      : context_(context), keep_(keep), too_much_(too_much), decoders_(std::move(decoders)) {}

  void take(place::Stream stream, std::string_view bytes) {
    pass(stream, decoder(stream).feed(bytes));
  }
  void finish() {
    for (const auto stream : {place::Stream::out, place::Stream::err})
      pass(stream, decoder(stream).finish());
  }

  std::string kept;
  bool overflow = false;

 private:
  Decoder& decoder(place::Stream stream) { return decoders_[stream == place::Stream::out ? 0 : 1]; }
  void pass(place::Stream stream, const std::string& text) {
    if (text.empty()) return;
    if (!keep_ || stream == place::Stream::err) return context_.output(stream, text);
    if (kept.size() + text.size() > stdout_limit) {
      overflow = true;
      too_much_.request();
      return;
    }
    kept += text;
  }

  StepContext& context_;
  bool keep_;
  StopSource& too_much_;
  std::array<Decoder, 2> decoders_;
};

/// What runs a script, and how.
struct Language {
  const char* step;
  const char* about;
  const char* suffix;
  std::vector<std::string> (*argv)(const std::string& script, const std::string& path);
};

std::vector<std::string> shell_argv(const std::string& script, const std::string& path) {
  if (script.starts_with("#!")) return {path};
  return {"sh", "-xe", path};
}
std::vector<std::string> pwsh_argv(const std::string&, const std::string& path) {
  return {"pwsh", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File", path};
}

Parameters script_parameters() {
  return {needs("script", Kind::text, "What to run"),
          takes("label", Kind::text, "the script", "What people see of it"),
          takes("returnStdout", Kind::flag, "false",
                "Whether its standard output is given, instead of going to the log"),
          takes("returnStatus", Kind::flag, "false",
                "Whether its exit status is given, instead of failing when it is not 0"),
          takes("encoding", Kind::text, "UTF-8", "The encoding of what it prints")};
}

/// sh 'make test'  |  sh script: 'make test', returnStatus: true
class Script final : public SignedStep {
 public:
  explicit Script(const Language& language)
      : SignedStep(step(language.step, "script", language.about, script_parameters())),
        language_(language) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto script = TRY(arguments.text("script"));
    const auto encoding = TRY(arguments.text("encoding", "UTF-8"));
    auto decoders = decoders_for(encoding);
    if (!decoders)
      return raise("java.nio.charset.UnsupportedCharsetException", "{}: {}", language_.step,
                   decoders.error().text());
    const bool status = TRY(arguments.flag("returnStatus"));
    const bool keep = TRY(arguments.flag("returnStdout")) && !status;

    StopSource too_much(context.stop());
    Output output(context, keep, too_much, std::move(*decoders));
    auto exit = execute(script, output, context, too_much.stop());
    output.finish();
    if (output.overflow)
      return raise("hudson.AbortException", "returnStdout: the script printed more than {} MiB",
                   stdout_limit >> 20);
    if (!exit) return tl::unexpected(context.failure(std::move(exit.error())));
    if (status) return Value(exit->status);
    if (exit->status != 0) {
      note_failed(script, context);
      const auto reason = reason_of_failure(TRY(context.node())->lease());
      return raise("hudson.AbortException", "script returned exit code {}{}{}", exit->status,
                   reason.empty() ? "" : ": ", reason);
    }
    if (keep) return Value(std::move(output.kept));
    return Value();
  }

 private:
  static Result<std::array<Decoder, 2>> decoders_for(const std::string& encoding) {
    return std::array<Decoder, 2>{TRY(Decoder::make(encoding)), TRY(Decoder::make(encoding))};
  }

  std::string path_of_script(const HeldNode& node, const StepContext& context) const {
    return node.workspace_tmp() + "/script-" + tag_of(context) + language_.suffix;
  }

  static std::string tag_of(const StepContext& context) {
    return digest_of(context.id().branch).brief() + "-" + std::to_string(context.id().ordinal);
  }

  void note_failed(const std::string& script, StepContext& context) const {
    const auto node = context.node();
    if (!node) return;
    place::FailedCommand failed{
        context.hide(script), path_of_script(**node, context), context.directory(), {}};
    for (auto& [name, value] : context.here().variables())
      if (context.hide(value) == value) failed.environment.emplace(name, value);
    (*node)->lease().note_failed(std::move(failed));
  }

  Result<os::Exit> execute(const std::string& script, Output& output, StepContext& context,
                           const Stop& stop) const {
    auto* node = TRY(context.node());
    const auto path = path_of_script(*node, context);
    const auto name = os::fs::path(path).filename().string();
    const auto kept = node->workspace_tmp() + "/kept-" + tag_of(context);
    if (!context.begun() || !TRY(runs_already(node->place(), kept, context)))
      TRY(push_text(node->place(), node->workspace_tmp(), name, script, 0755, stop));

    place::Command command;
    command.argv = language_.argv(script, path);
    command.directory = context.directory();
    command.environment = context.here().variables();
    const auto sink = [&](place::Stream stream, std::string_view bytes) {
      output.take(stream, bytes);
    };
    const bool keep = context.may_be_resumed() && node->place().keeps_commands();
    const auto run = [&]() -> Result<os::Exit> {
      if (!keep) return place::run(node->place(), command, sink, stop);
      const auto session = TRY(node->place().start_kept(command, kept, sink, stop));
      return place::finish(*session, stop);
    };
    auto exit = run();
    if (exit || exit.error().fault() != Fault::not_found) return exit;
    // The directory may be gone (deleteDir): Jenkins makes it again.
    TRY(make_directory(node->place(), context.directory(), stop));
    return run();
  }

  /// Whether an earlier process of ours started this very command.
  static Result<bool> runs_already(place::Place& place, const std::string& kept,
                                   StepContext& context) {
    place::Command command;
    command.argv = {"test", "-e", kept + "/pid"};
    command.directory = "/";
    // First of all: where the place is gone, this says so, and why.
    const auto found = TRY(place::run_captured(place, command, context.stop()));
    if (!place.keeps_commands())
      return fail(Fault::unavailable,
                  "cupel ended while this script ran; nobody knows what became of it");
    return found.exit.status == 0;
  }

  Language language_;
};

/// bat 'dir', powershell 'Get-Item .'
class OfWindows final : public SignedStep {
 public:
  OfWindows(const char* name, const char* about, const char* refusal)
      : SignedStep(step(name, "script", about, script_parameters())), refusal_(refusal) {}

  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    TRY(context.node());
    return raise("java.io.IOException", "{}", refusal_);
  }

 private:
  const char* refusal_;
};

}  // namespace

std::unique_ptr<Step> make_shell() {
  return std::make_unique<Script>(
      Language{"sh",
               "Runs a shell script on the node, with -xe unless it begins with #!; fails when its "
               "exit status is not 0",
               ".sh", shell_argv});
}
std::unique_ptr<Step> make_pwsh() {
  return std::make_unique<Script>(Language{
      "pwsh", "Runs a script of PowerShell Core on a node that has it", ".ps1", pwsh_argv});
}
std::unique_ptr<Step> make_bat() {
  return std::make_unique<OfWindows>("bat", "For Windows nodes, which cupel has not: fails",
                                     "Batch scripts can only be run on Windows nodes");
}
std::unique_ptr<Step> make_powershell() {
  return std::make_unique<OfWindows>(
      "powershell", "For Windows nodes, which cupel has not: fails; see pwsh",
      "PowerShell scripts can only be run on Windows nodes; on others pwsh runs them");
}

}  // namespace cupel::pipeline::steps
