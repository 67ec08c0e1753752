// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/syntax/parser.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

constexpr std::size_t largest_script = 4U << 20;

/// Runs a text as a script that shares the variables of the Jenkinsfile; gives its value.
Outcome<Value> run_text(std::string name, std::string class_name, std::string text,
                        StepContext& context) {
  const auto source = std::make_shared<const syntax::Source>(std::move(name), std::move(text));
  syntax::Diagnostics diagnostics;
  auto file = std::make_shared<GroovyFile>();
  file->source = source;
  file->tree = std::make_shared<const syntax::Script>(syntax::parse(*source, diagnostics));
  file->class_name = std::move(class_name);
  for (const auto& diagnostic : diagnostics.sorted())
    if (diagnostic.severity == syntax::Severity::error)
      return raise("org.codehaus.groovy.control.MultipleCompilationErrorsException", "{}",
                   syntax::headline(*source, diagnostic));
  auto& interpreter = context.run().interpreter;
  return context.in_turn(context.outer(), [&]() -> Outcome<Value> {
    const auto script =
        TRY(interpreter.add_file(std::move(file), interpreter.binding(), context.outer()));
    return interpreter.run_script(script, context.outer());
  });
}

/// load 'file.groovy'
class Load final : public SignedStep {
 public:
  Load()
      : SignedStep({.name = "load",
                    .parameters = {{.name = "path",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "of the file, in the current directory"}},
                    .default_parameter = "path",
                    .about = "Runs a Groovy file of the workspace; gives its last value."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* node = TRY(context.node());
    const auto path = TRY(arguments.text("path"));
    const auto absolute = TRY(context.resolve(path));
    const auto read = [&](const StepId&, Attempt&) -> Outcome<Value> {
      place::Command command;
      command.argv = {"cat", "--", absolute};
      auto text = place::run_captured(node->place(), command, context.stop(), largest_script);
      if (!text) return tl::unexpected(context.failure(std::move(text.error())));
      if (text->exit.status != 0) return raise("java.nio.file.NoSuchFileException", "{}", absolute);
      return Value(std::move(text->out));
    };
    // Recorded, so that a resumed run has the code that it had.
    const auto text = TRY(context.run().interpreter.perform({"text of " + path, "", Replay::reads},
                                                            context.outer(), read));
    return run_text(path, "Script1", *text.as_text(), context);
  }
};

/// evaluate('1 + 1')
class Evaluate final : public SignedStep {
 public:
  Evaluate()
      : SignedStep(
            {.name = "evaluate",
             .parameters =
                 {{.name = "script", .kind = Kind::text, .required = true, .about = "the code"}},
             .default_parameter = "script",
             .about = "Runs a text as Groovy code; gives its last value."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    return run_text("Script1.groovy", "Script1", TRY(arguments.text("script")), context);
  }
};

}  // namespace

std::unique_ptr<Step> make_load() { return std::make_unique<Load>(); }
std::unique_ptr<Step> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace cupel::pipeline::steps
