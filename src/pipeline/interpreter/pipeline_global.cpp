// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/pipeline_global.hpp"

#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/run_libraries.hpp"
#include "pipeline/interpreter/run_parameters.hpp"

namespace cupel::pipeline {
namespace {

/// The model of the block, or what is wrong with it: all in the log, the first as the exception.
Outcome<std::unique_ptr<syntax::Pipeline>> model_of(const Closure& closure, Context& context) {
  syntax::Vocabulary vocabulary(context.run.interpreter.steps().signatures());
  vocabulary.others = syntax::Vocabulary::Others::of_libraries;
  syntax::Diagnostics diagnostics;
  auto made = std::make_unique<syntax::Pipeline>(
      syntax::build_pipeline(closure.code->body, vocabulary, diagnostics));
  const auto& source = *closure.home->unit->source;
  std::vector<std::string> errors;
  for (const auto& diagnostic : diagnostics.sorted()) {
    if (diagnostic.severity == syntax::Severity::error)
      errors.push_back(syntax::headline(source, diagnostic));
    else
      context.note(syntax::headline(source, diagnostic));
  }
  if (errors.empty()) return made;
  for (std::size_t i = 1; i < errors.size(); ++i) context.note(errors[i]);
  return raise("org.codehaus.groovy.control.MultipleCompilationErrorsException", "{}", errors[0]);
}

/// What is about the job must be known before the run begins.
void tell_what_comes_too_late(const syntax::Options& options, const Context& context) {
  const auto tell = [&](bool given, std::string_view option) {
    if (given)
      context.note(fmt::format(
          "The option {} has no effect in a pipeline that stands in code: write it with "
          "properties([...]) in the Jenkinsfile",
          option));
  };
  tell(options.build_discarder.has_value(), "buildDiscarder");
  tell(options.disable_concurrent_builds.has_value(), "disableConcurrentBuilds");
  tell(options.preserve_stashes.has_value(), "preserveStashes");
  tell(options.keep_machine.has_value(), "keepMachine");
}

}  // namespace

Outcome<Value> PipelineGlobal::call(const std::string& name, std::vector<Value>& arguments,
                                    Context& context) {
  if (name != "call") return Object::call(name, arguments, context);
  const auto closure = arguments.size() == 1 ? arguments[0].as_closure() : nullptr;
  if (!closure || !closure->code)
    return raise("java.lang.IllegalArgumentException", "Expected a block for pipeline");
  if (begun_)
    return raise("java.lang.IllegalStateException",
                 "Only one pipeline {{ ... }} block can be executed in a single run.");
  begun_ = true;
  return run(closure, context);
}

Outcome<Value> PipelineGlobal::run(const std::shared_ptr<Closure>& closure, Context& context) {
  closure_ = closure;
  model_ = TRY(model_of(*closure, context));
  const auto restartable = can_restart(*model_, context.run.facts.restart);
  if (!restartable) return tl::unexpected(Signal(restartable.error()));
  for (const auto& use : model_->libraries) {
    LibraryWish wish{use.name};
    if (!use.version.empty()) wish.ref = use.version;
    TRY(context.run.libraries->add(wish, context));
  }
  tell_what_comes_too_late(model_->options, context);
  auto& interpreter = context.run.interpreter;
  interpreter.pipeline_stands_in(closure);
  const auto& source = *closure->home->unit->source;
  TRY(declare_parameters(model_->parameters, source, context, RunParameters::Unclaimed::fail));
  runner_ = std::make_unique<StageRunner>(source, previous_, model_.get());
  return runner_->run(context);
}

}  // namespace cupel::pipeline
