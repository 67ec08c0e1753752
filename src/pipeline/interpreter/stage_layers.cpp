// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/environment.hpp"
#include "pipeline/interpreter/prompt.hpp"
#include "pipeline/interpreter/run_parameters.hpp"
#include "pipeline/interpreter/services.hpp"
#include "pipeline/interpreter/stage_runner.hpp"
#include "pipeline/interpreter/tool_homes.hpp"
#include "pipeline/interpreter/when.hpp"
#include "pipeline/interpreter/with_credentials.hpp"

namespace cupel::pipeline {
namespace {

/// Before what `when` is evaluated: once, at the first that is asked for.
enum class Moment { options, input, agent, body, never };

Moment moment_of(const std::optional<syntax::When>& when) {
  if (!when) return Moment::never;
  if (when->before_options) return Moment::options;
  if (when->before_input) return Moment::input;
  return when->before_agent ? Moment::agent : Moment::body;
}

}  // namespace

/// when? -> options -> when? -> input -> when? -> agent -> when? -> what is inside.
Outcome<Value> StageRunner::run_layers(const Work& work, Context& context) {
  const auto& sections = work.sections;
  const auto evaluated = moment_of(sections.when);
  const auto unless_skipped = [&](Moment moment, Context& here,
                                  const Body& next) -> Outcome<Value> {
    if (moment != evaluated || TRY(holds(*sections.when, here))) return next(here);
    here.note("Stage \"" + work.name + "\" skipped due to when conditional");
    here.stage->skip("when conditional");
    work.skip_inner(here, "when conditional");
    return Value();
  };
  const auto inside = [&](Context& here) { return run_inside(work, here); };
  const auto on_agent = [&](Context& here) { return unless_skipped(Moment::body, here, inside); };
  const auto take_agent = [&](Context& here) -> Outcome<Value> {
    if (sections.agent) return with_agent(*sections.agent, sections.options, here, on_agent);
    if (work.runs == Work::Runs::steps && containers_per_stage() && here.node)
      return in_container(pipeline_->agent, here, on_agent);
    return on_agent(here);
  };
  const auto asked = [&](Context& here) { return unless_skipped(Moment::agent, here, take_agent); };
  const auto ask = [&](Context& here) {
    return sections.input ? with_input(*sections.input, here, asked) : asked(here);
  };
  const auto in_options = [&](Context& here) { return unless_skipped(Moment::input, here, ask); };
  return unless_skipped(Moment::options, context, [&](Context& here) {
    return with_options(sections.options.wrappers, 0, here, in_options);
  });
}

/// credentials -> environment -> tools -> body -> post. Post conditions of a stage with branches
/// run outside of its environment.
Outcome<Value> StageRunner::run_inside(const Work& work, Context& context) {
  const auto& sections = work.sections;
  const bool outside = work.runs == Work::Runs::branches;
  auto result = with_environment(sections.environment, context, [&](Context& in_environment) {
    return with_tools(sections.tools, in_environment, [&](Context& innermost) {
      auto done = work.body(innermost);
      if (!done) announce(done.error(), innermost);
      return outside ? std::move(done) : run_post(sections.post, innermost, std::move(done));
    });
  });
  if (!outside) return result;
  if (!result) announce(result.error(), context);
  return run_post(sections.post, context, std::move(result));
}

Outcome<Value> StageRunner::with_options(const std::vector<syntax::WrapperOption>& options,
                                         std::size_t next, Context& context, const Body& body) {
  if (next == options.size()) return body(context);
  const auto further = [&, next](Context& inner) {
    return with_options(options, next + 1, inner, body);
  };
  if (options[next].name.text == "timestamps") {
    context.run.observer.timestamps_wanted();
    return further(context);
  }
  return context.run.interpreter.run_around(*options[next].call, context, further);
}

Outcome<Value> StageRunner::with_environment(const std::vector<syntax::EnvironmentEntry>& entries,
                                             Context& context, const Body& body) {
  std::vector<CredentialBinding> bindings;
  std::vector<syntax::EnvironmentEntry> plain;
  for (const auto& entry : entries) {
    if (!entry.credentials) {
      plain.push_back(entry);
      continue;
    }
    CredentialBinding binding;
    binding.id = TRY(context.run.interpreter.evaluate_text(*entry.credentials, context));
    binding.variable = entry.name.text;
    bindings.push_back(std::move(binding));
  }
  const auto with_values = [&](Context& here) -> Outcome<Value> {
    if (plain.empty()) return body(here);
    auto inner = here;
    for (auto& [name, value] : TRY(LazyEnvironment::evaluate(here.run.interpreter, plain, here)))
      inner.overrides[name] = std::move(value);
    ShownBlock shown(here, "withEnv");
    shown.enter();
    return body(inner);
  };
  if (bindings.empty()) return with_values(context);
  auto inner = context;
  const auto tag = digest_of(context.branch->path + "/" + join(context.path, "/")).brief();
  return with_credentials(bindings, "environment-" + tag, inner, with_values);
}

Outcome<Value> StageRunner::with_tools(const std::vector<syntax::Tool>& tools, Context& context,
                                       const Body& body) {
  if (tools.empty()) return body(context);
  auto inner = context;
  const auto install = [&](Context& here) -> Outcome<Value> {
    for (const auto& tool : tools) {
      const auto name = TRY(here.run.interpreter.evaluate_text(*tool.version, here));
      auto home = tool_home(here.run.services.operation, tool.type.text, name);
      if (!home) return tl::unexpected(Signal(std::move(home.error())));
      set_tool(tool.type.text, *home, inner);
    }
    return Value();
  };
  if (context.path.empty())
    TRY(synthetic("Declarative: Tool Install", context, install));
  else
    TRY(install(context));
  return body(inner);
}

namespace {

Outcome<std::string> text_of(const syntax::Expression* expression, const std::string& otherwise,
                             Context& context) {
  if (!expression) return otherwise;
  return context.run.interpreter.evaluate_text(*expression, context);
}

Outcome<PromptParameter> prompt_parameter(const syntax::BuildParameter& one, Context& context) {
  using Kind = syntax::BuildParameter::Kind;
  PromptParameter made;
  made.name = one.name.text;
  made.kind = one.kind == Kind::flag       ? PromptParameter::Kind::flag
              : one.kind == Kind::choice   ? PromptParameter::Kind::choice
              : one.kind == Kind::password ? PromptParameter::Kind::password
                                           : PromptParameter::Kind::text;
  made.description = TRY(text_of(one.description, "", context));
  made.otherwise = TRY(text_of(one.initial, "", context));
  made.choices = one.choices;
  if (one.choices_value)
    made.choices = TRY(
        choices_of(TRY(context.run.interpreter.evaluate(*one.choices_value, context)), made.name));
  return made;
}

Outcome<Value> ask(Prompts& prompts, const Question& question,
                   const std::string& submitter_variable, const Context& context) {
  auto answer = prompts.ask(question, context.stop);
  if (!answer && context.stop.requested()) return interrupt("", model::Verdict::aborted);
  if (!answer) return tl::unexpected(Signal(std::move(answer.error())));
  if (answer->decision == PromptAnswer::Decision::abort)
    return interrupt("Rejected by " + answer->submitter, model::Verdict::aborted);
  auto values = std::make_shared<Map>();
  for (const auto& [name, value] : answer->values)
    TRY(Outcome<void>(values->put(Value(name), Value(value))));
  if (!submitter_variable.empty())
    TRY(Outcome<void>(values->put(Value(submitter_variable), Value(answer->submitter))));
  return Value(std::move(values));
}

}  // namespace

Outcome<Value> StageRunner::with_input(const syntax::Input& input, Context& context,
                                       const Body& body) {
  auto* prompts = context.run.services.prompts;
  Question question;
  question.message = TRY(text_of(input.message, "", context));
  question.id = TRY(text_of(input.id, context.path.empty() ? "" : context.path.back(), context));
  question.ok = TRY(text_of(input.ok, "Proceed", context));
  question.submitter = TRY(text_of(input.submitter, "", context));
  const auto submitter_variable = TRY(text_of(input.submitter_parameter, "", context));
  for (const auto& one : input.parameters)
    question.parameters.push_back(TRY(prompt_parameter(one, context)));
  if (!prompts)
    return raise("hudson.AbortException", "nobody can answer the input '{}'", question.id);
  context.note(question.message);
  const auto answered = TRY(
      context.run.interpreter.perform({"input", digest_of(question.id + question.message).brief()},
                                      context, [&](const StepId&, Attempt&) {
                                        return ask(*prompts, question, submitter_variable, context);
                                      }));
  auto inner = context;
  for (const auto& parameter : question.parameters)
    if (const auto* value = answered.as_map()->find(Value(parameter.name));
        value && parameter.kind == PromptParameter::Kind::password && value->as_text())
      context.run.masks.add(parameter.name, *value->as_text());
  for (const auto& [name, value] : answered.as_map()->entries())
    inner.overrides[TRY(Outcome<std::string>(to_text(name)))] =
        TRY(Outcome<std::string>(to_text(value)));
  return body(inner);
}

}  // namespace cupel::pipeline
