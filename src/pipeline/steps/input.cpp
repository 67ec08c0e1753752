// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/prompt.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using PromptKind = PromptParameter::Kind;

Outcome<PromptKind> kind_of_parameter(const std::string& name) {
  if (name == "string" || name == "StringParameterDefinition" || name == "text" ||
      name == "TextParameterDefinition" || name == "credentials")
    return PromptKind::text;
  if (name == "booleanParam" || name == "BooleanParameterDefinition") return PromptKind::flag;
  if (name == "choice" || name == "ChoiceParameterDefinition") return PromptKind::choice;
  if (name == "password" || name == "PasswordParameterDefinition") return PromptKind::password;
  return raise("java.lang.IllegalArgumentException",
               "input: a parameter is string, text, booleanParam, choice or password, not '{}'",
               name);
}

Outcome<PromptParameter> parameter_of(const Described& object) {
  PromptParameter parameter;
  parameter.kind = TRY(kind_of_parameter(object.kind));
  parameter.name = TRY(object.arguments.text("name"));
  parameter.description = TRY(object.arguments.text("description", ""));
  parameter.otherwise = TRY(object.arguments.text("defaultValue", ""));
  if (parameter.kind == PromptKind::flag && parameter.otherwise.empty())
    parameter.otherwise = "false";
  if (parameter.kind != PromptKind::choice) return parameter;
  const auto* choices = object.arguments.find("choices");
  if (choices && choices->is_text())
    parameter.choices = split(TRY(object.arguments.text("choices")), '\n');
  else
    parameter.choices = TRY(object.arguments.texts("choices"));
  if (parameter.choices.empty())
    return raise("java.lang.IllegalArgumentException", "input: the choice '{}' has no choices",
                 parameter.name);
  return parameter;
}

/// "Deploy to production?" as "deploy-to-production".
std::string id_from(std::string_view message) {
  std::string id;
  for (const char c : lower(message)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      id += c;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (id.ends_with('-')) id.pop_back();
  return id.empty() ? "input" : id;
}

Value value_of(const PromptParameter& parameter, const std::string& answer) {
  return parameter.kind == PromptKind::flag ? Value(answer == "true") : Value(answer);
}

/// input 'Deploy?'  |  input message: 'Deploy?', parameters: [string(name: 'WHERE')]
class Input final : public SignedStep {
 public:
  Input()
      : SignedStep(step(
            "input", "message",
            "Asks a person, on the terminal or answered by --answer; what is answered is the value "
            "of the only parameter, or a map. Abort: the run is ABORTED",
            {needs("message", Kind::text, "What is asked"),
             takes("id", Kind::text, "made from the message", "The name for --answer ID=VALUE"),
             takes("ok", Kind::text, "Proceed", "The word that lets it go on"),
             takes("parameters", Kind::list, "", "string, text, booleanParam, choice, password"),
             takes("submitter", Kind::text, "", "Who may answer; only shown here"),
             takes("submitterParameter", Kind::text, "",
                   "The name in the answer of who answered")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Question question;
    question.message = TRY(arguments.text("message"));
    question.id = TRY(arguments.text("id", ""));
    if (question.id.empty()) question.id = id_from(question.message);
    question.ok = TRY(arguments.text("ok", "Proceed"));
    question.submitter = TRY(arguments.text("submitter", ""));
    for (const auto& object : TRY(all_described(arguments.find("parameters"), "input")))
      question.parameters.push_back(TRY(parameter_of(object)));
    auto* prompts = context.services().prompts;
    if (!prompts)
      return raise("hudson.AbortException", "input: nobody can answer '{}' here", question.id);
    const auto submitter = TRY(arguments.text("submitterParameter", ""));
    const auto digest = TRY(Outcome<std::string>(arguments.digest()));
    const auto known = TRY(context.run().interpreter.perform(
        {"input", digest, Replay::once}, context.outer(),
        [&](const StepId&, Attempt&) { return ask(question, *prompts, submitter, context); }));
    // Also what an earlier process was told must not be seen.
    for (const auto& parameter : question.parameters)
      if (const auto* value = known.as_map()->find(Value(parameter.name));
          value && parameter.kind == PromptKind::password && value->as_text())
        context.masks().add(parameter.name, *value->as_text());
    return result(known);
  }

 private:
  /// Everything that was answered, as a map.
  static Outcome<Value> ask(const Question& question, Prompts& prompts,
                            const std::string& submitter, StepContext& context) {
    context.print(question.message);
    auto answer = prompts.ask(question, context.stop());
    if (!answer) return tl::unexpected(context.failure(std::move(answer.error())));
    if (answer->decision == PromptAnswer::Decision::abort) {
      context.print("Rejected by " + answer->submitter);
      return interrupt("Rejected by " + answer->submitter, model::Verdict::aborted);
    }
    context.print("Approved by " + answer->submitter);
    auto map = std::make_shared<Map>();
    for (const auto& parameter : question.parameters) {
      std::string text;
      for (const auto& [name, value] : answer->values)
        if (name == parameter.name) text = value;
      TRY(Outcome<void>(map->put(Value(parameter.name), value_of(parameter, text))));
    }
    if (!submitter.empty())
      TRY(Outcome<void>(map->put(Value(submitter), Value(answer->submitter))));
    return Value(std::move(map));
  }

  /// As Jenkins gives it: nothing, the only value, or the map.
  static Value result(const Value& known) {
    const auto& entries = known.as_map()->entries();
    if (entries.empty()) return Value();
    return entries.size() == 1 ? entries.front().second : known;
  }
};

}  // namespace

std::unique_ptr<Step> make_input() { return std::make_unique<Input>(); }

}  // namespace cupel::pipeline::steps
