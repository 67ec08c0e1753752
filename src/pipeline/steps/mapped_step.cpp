// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/mapped_step.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/interpreter/node_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

syntax::StepSignature signature_of(const std::string& name, const MappedStep& mapped) {
  auto signature =
      block(name, "value",
            mapped.script.empty() ? "Does nothing, says [steps] of cupel.toml: " + mapped.noop
                                  : "Runs the script that [steps] of cupel.toml gives it",
            {takes("value", Kind::any, "", "What is given without a name; any names are taken")});
  signature.body_optional = true;
  signature.open = true;
  return signature;
}

class Mapped final : public SignedStep {
 public:
  Mapped(const std::string& name, MappedStep mapped)
      : SignedStep(signature_of(name, mapped)), mapped_(std::move(mapped)) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    if (!context.has_body()) return run_alone(arguments, context);
    // What runs again with the body is not the script.
    TRY(context.recorded(signature().name + " begin", Replay::once,
                         [&](StepContext& begin) { return run_alone(arguments, begin); }));
    auto inner = context.inner();
    return context.run_body(inner);
  }

 private:
  Outcome<Value> run_alone(const Arguments& arguments, StepContext& context) const {
    if (!mapped_.script.empty()) return run_script(arguments, context);
    context.print(signature().name + ": " + mapped_.noop);
    return Value();
  }

  Outcome<Variables> environment(const Arguments& arguments, StepContext& context) const {
    auto variables = context.here().variables();
    auto all = std::make_shared<Map>();
    for (const auto& [name, value] : arguments.all()) {
      auto plain = name;
      for (auto& c : plain)
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) c = '_';
      variables["CUPEL_ARG_" + plain] = TRY(Outcome<std::string>(to_text(value)));
      TRY(Outcome<void>(all->put(Value(name), value)));
    }
    auto json = write_json(Value(all), JsonStyle::compact_unicode);
    if (!json)
      return raise("java.lang.IllegalArgumentException", "{}: {}", signature().name,
                   json.error().text());
    variables["CUPEL_ARGUMENTS"] = std::move(*json);
    return variables;
  }

  Outcome<Value> run_script(const Arguments& arguments, StepContext& context) const {
    auto* node = TRY(context.node());
    const auto file = "mapped-" + digest_of(context.id().branch).brief() + "-" +
                      std::to_string(context.id().ordinal);
    place::Command command;
    command.environment = TRY(environment(arguments, context));
    command.directory = context.directory();
    const auto path = node->workspace_tmp() + "/" + file;
    if (mapped_.script.starts_with("#!"))
      command.argv = {path};
    else
      command.argv = {"sh", "-e", path};
    auto pushed =
        push_text(node->place(), node->workspace_tmp(), file, mapped_.script, 0755, context.stop());
    if (!pushed) return tl::unexpected(context.failure(std::move(pushed.error())));
    std::string kept;
    const auto sink = [&](place::Stream stream, std::string_view bytes) {
      if (!mapped_.returns_output || stream == place::Stream::err)
        context.output(stream, bytes);
      else if (kept.size() < max_text)
        kept += bytes;
    };
    auto exit = place::run(node->place(), command, sink, context.stop());
    if (!exit) return tl::unexpected(context.failure(std::move(exit.error())));
    if (exit->status != 0)
      return raise("hudson.AbortException", "{}: its script returned exit code {}",
                   signature().name, exit->status);
    return mapped_.returns_output ? Value(std::string(trim(kept))) : Value();
  }

  MappedStep mapped_;
};

}  // namespace

std::unique_ptr<Step> make_mapped_step(const std::string& name, const MappedStep& mapped) {
  return std::make_unique<Mapped>(name, mapped);
}

}  // namespace cupel::pipeline::steps
