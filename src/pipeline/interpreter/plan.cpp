// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/plan.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/interpreter/step_label.hpp"

namespace cupel::pipeline {
namespace {

std::string_view type_of(syntax::BuildParameter::Kind kind) {
  using Kind = syntax::BuildParameter::Kind;
  switch (kind) {
    case Kind::text: return "string";
    case Kind::lines: return "text";
    case Kind::flag: return "boolean";
    case Kind::choice: return "choice";
    case Kind::password: return "password";
    case Kind::credentials: return "credentials";
    case Kind::file: return "file";
    case Kind::base64_file: return "base64 file";
    case Kind::run: return "run";
    case Kind::foreign: break;
  }
  return "string";
}

/// Reads the model; needs the source to show expressions as written.
class Planner {
 public:
  explicit Planner(const syntax::Source& source) : source_(source) {}

  PlannedStage stage(const syntax::Stage& stage, const Foresight& outside) const {
    PlannedStage planned;
    planned.name = stage.name.text;
    planned.line = stage.span.begin.line;
    auto known = outside;
    sections(stage, planned, known);
    if (const auto* steps = std::get_if<syntax::Steps>(&stage.body)) {
      planned.steps = block(*steps->body);
    } else if (const auto* inner = std::get_if<syntax::Stages>(&stage.body)) {
      planned.order = PlannedStage::Order::in_sequence;
      planned.stages = stages(inner->stages, known);
    } else if (const auto* parallel = std::get_if<syntax::Parallel>(&stage.body)) {
      planned.order = PlannedStage::Order::in_parallel;
      planned.fail_fast = parallel->fail_fast;
      planned.stages = stages(parallel->branches, known);
    } else {
      matrix(std::get<syntax::Matrix>(stage.body), planned, known);
    }
    return planned;
  }

  std::vector<PlannedStage> stages(const std::vector<syntax::Stage>& list,
                                   const Foresight& known) const {
    std::vector<PlannedStage> planned;
    planned.reserve(list.size());
    for (const auto& one : list) planned.push_back(stage(one, known));
    return planned;
  }

  void matrix(const syntax::Matrix& matrix, PlannedStage& planned, const Foresight& known) const {
    planned.order = PlannedStage::Order::matrix;
    planned.fail_fast = matrix.fail_fast;
    for (const auto& cell : syntax::all_cells(matrix.axes)) {
      PlannedStage one;
      one.name = syntax::cell_name(cell);
      if (const auto* exclude = syntax::exclude_of(cell, matrix.excludes)) {
        one.line = exclude->span.begin.line;
        planned.excluded.push_back(std::move(one));
        continue;
      }
      auto inside = known;
      inside.add(cell);
      one.line = matrix.span.begin.line;
      sections(matrix, one, inside);
      one.order = PlannedStage::Order::in_sequence;
      one.stages = stages(matrix.stages, inside);
      planned.stages.push_back(std::move(one));
    }
  }

  /// What stands around a body; `known` gets the variables that hold inside.
  void sections(const syntax::StageSections& stage, PlannedStage& planned, Foresight& known) const {
    if (stage.agent) planned.agent = agent(*stage.agent);
    if (stage.when) planned.when = when(*stage.when, known);
    if (stage.input) planned.input = stage.input->message ? written(*stage.input->message) : "";
    planned.options = options(stage.options);
    planned.environment = names(stage.environment);
    planned.tools = tools(stage.tools);
    planned.post = post(stage.post);
    known.add(stage.environment);
  }

  PlannedWhen when(const syntax::When& when, const Foresight& known) const {
    PlannedWhen planned;
    planned.evaluated = when.before_options ? "before the options"
                        : when.before_input ? "before the input"
                        : when.before_agent ? "before the agent"
                                            : "on the agent";
    for (const auto& condition : when.conditions)
      planned.conditions.push_back(one_line(source_.text_of(condition.span)));
    auto answer = known.holds(when);
    planned.holds = answer.holds;
    planned.why = std::move(answer.why);
    return planned;
  }

  std::string agent(const syntax::Agent& agent) const {
    using Kind = syntax::Agent::Kind;
    if (agent.kind == Kind::any) return "any";
    if (agent.kind == Kind::none) return "none";
    const auto label = agent.label_text ? "label " + written(*agent.label_text) : "";
    const auto on = label.empty() ? "" : " on " + label;
    if (const auto* docker = std::get_if<syntax::DockerAgent>(&agent.container))
      return "docker " + (docker->image ? written(*docker->image) : "") + on;
    if (const auto* file = std::get_if<syntax::DockerfileAgent>(&agent.container))
      return "dockerfile " + (file->filename ? written(*file->filename) : "Dockerfile") + on;
    if (std::holds_alternative<syntax::KubernetesAgent>(agent.container)) return "kubernetes" + on;
    if (agent.topology) return "topology " + written(*agent.topology);
    if (agent.machine) return machine(*agent.machine) + on;
    return label;
  }

  std::string machine(const syntax::MachineAgent& machine) const {
    std::vector<std::string> words;
    if (machine.box) words.push_back(written(*machine.box));
    for (const auto& [name, value] :
         {std::pair("cpus", machine.cpus), std::pair("cpu", machine.cpu),
          std::pair("memory", machine.memory), std::pair("disk", machine.disk)})
      if (value) words.push_back(fmt::format("{} {}", name, written(*value)));
    for (const auto& step : machine.provision)
      words.push_back(one_line(source_.text_of(step.span)));
    return words.empty() ? "machine" : "machine " + join(words, ", ");
  }

  /// In written order: they wrap the body so.
  PlannedSettings options(const syntax::Options& options) const {
    PlannedSettings planned;
    for (const auto& one : options.wrappers)
      planned.emplace_back(one.name.text, one.name.text == "timeout" && options.timeout
                                              ? timeout(*options.timeout)
                                              : step(*one.call).arguments);
    const auto flag = [&](bool set, const char* name) {
      if (set) planned.emplace_back(name, "");
    };
    flag(options.skip_default_checkout.value_or(false), "skipDefaultCheckout");
    flag(options.disable_concurrent_builds.has_value(), "disableConcurrentBuilds");
    flag(options.new_container_per_stage, "newContainerPerStage");
    flag(options.parallels_always_fail_fast, "parallelsAlwaysFailFast");
    flag(options.skip_stages_after_unstable, "skipStagesAfterUnstable");
    flag(options.preserve_stashes.has_value(), "preserveStashes");
    flag(options.keep_machine.has_value(), "keepMachine");
    if (options.checkout_directory)
      planned.emplace_back("checkoutToSubdirectory", written(*options.checkout_directory));
    return planned;
  }

  std::string timeout(const syntax::Timeout& timeout) const {
    using namespace std::chrono;
    static constexpr std::pair<std::string_view, nanoseconds> units[] = {
        {"DAYS", days(1)},
        {"HOURS", hours(1)},
        {"MINUTES", minutes(1)},
        {"SECONDS", seconds(1)},
        {"MILLISECONDS", milliseconds(1)},
        {"MICROSECONDS", microseconds(1)},
        {"NANOSECONDS", nanoseconds(1)},
    };
    std::string text = timeout.time ? written(*timeout.time) : "";
    for (const auto& [name, length] : units)
      if (length == timeout.unit) text += fmt::format(" {}", name);
    return text + (timeout.activity ? " without output" : "");
  }

  std::vector<PlannedPost> post(const std::vector<syntax::PostBlock>& blocks) const {
    std::vector<PlannedPost> planned;
    for (const auto& one : blocks)
      planned.push_back({std::string(syntax::name(one.condition)), block(*one.body)});
    return planned;
  }

  PlannedSettings tools(const std::vector<syntax::Tool>& tools) const {
    PlannedSettings planned;
    for (const auto& tool : tools) planned.emplace_back(tool.type.text, written(*tool.version));
    return planned;
  }

  static std::vector<std::string> names(const std::vector<syntax::EnvironmentEntry>& entries) {
    std::vector<std::string> names;
    for (const auto& entry : entries) names.push_back(entry.name.text);
    return names;
  }

  PlannedSettings triggers(const std::vector<syntax::Trigger>& triggers) const {
    PlannedSettings planned;
    for (const auto& trigger : triggers) {
      const auto* value = trigger.spec ? trigger.spec : trigger.projects;
      planned.emplace_back(trigger.name.text, value ? written(*value) : "");
    }
    return planned;
  }

  PlannedParameter parameter(const syntax::BuildParameter& parameter,
                             const Assumptions& assumptions) const {
    PlannedParameter planned;
    planned.name = parameter.name.text;
    planned.type = type_of(parameter.kind);
    planned.choices = parameter.choices;
    const auto given = assumptions.parameters.find(parameter.name.text);
    if (given != assumptions.parameters.end())
      planned.value = given->second;
    else if (parameter.choices_value)
      planned.expression = written(*parameter.choices_value);
    else if (!parameter.choices.empty())
      planned.value = parameter.choices.front();
    else if (parameter.initial)
      initial(*parameter.initial, planned);
    return planned;
  }

 private:
  void initial(const syntax::Expression& expression, PlannedParameter& planned) const {
    const auto known = constant(
        expression, [](std::string_view, std::string_view) { return std::optional<Constant>(); });
    if (known)
      planned.value = one_line(known->text());
    else
      planned.expression = written(expression);
  }

  std::string written(const syntax::Expression& expression) const {
    return one_line(source_.text_of(expression.span));
  }

  std::vector<PlannedStep> block(const syntax::Block& block) const {
    std::vector<PlannedStep> steps;
    for (const auto& statement : block.statements) {
      const auto* expression = statement->as<syntax::ExpressionStatement>();
      const auto* call = expression ? expression->value->as<syntax::Call>() : nullptr;
      if (call && !call->receiver)
        steps.push_back(step(*call));
      else
        steps.push_back({"", one_line(source_.text_of(statement->span)), {}});
    }
    return steps;
  }

  PlannedStep step(const syntax::Call& call) const {
    PlannedStep planned;
    planned.name = call.name.text;
    const auto& items = call.arguments.items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto* closure = items[i].value->as<syntax::Closure>();
      if (closure && i + call.arguments.trailing_closures >= items.size()) {
        planned.body = block(closure->body);
        continue;
      }
      if (!planned.arguments.empty()) planned.arguments += ", ";
      if (items[i].key) {
        const auto* name = items[i].key->as<syntax::StringLiteral>();
        planned.arguments += (name ? name->text : written(*items[i].key)) + ": ";
      }
      planned.arguments += written(*items[i].value);
    }
    return planned;
  }

  const syntax::Source& source_;
};

}  // namespace

Plan make_plan(const syntax::Source& source, const syntax::Jenkinsfile& file,
               const Assumptions& assumptions) {
  const Planner planner(source);
  Foresight known(assumptions, file.job.parameters);
  Plan plan;
  for (const auto& parameter : file.job.parameters)
    plan.parameters.push_back(planner.parameter(parameter, assumptions));
  plan.triggers = planner.triggers(file.job.triggers);
  plan.scripted = !file.pipeline;
  if (plan.scripted) return plan;
  const auto& pipeline = *file.pipeline;
  for (const auto& library : pipeline.libraries)
    plan.libraries.push_back(library.name + (library.version.empty() ? "" : "@" + library.version));
  auto& root = plan.pipeline;
  root.line = pipeline.span.begin.line;
  root.agent = planner.agent(pipeline.agent);
  root.options = planner.options(pipeline.options);
  root.environment = Planner::names(pipeline.environment);
  root.tools = planner.tools(pipeline.tools);
  root.order = PlannedStage::Order::in_sequence;
  known.add(pipeline.environment);
  root.stages = planner.stages(pipeline.stages, known);
  root.post = planner.post(pipeline.post);
  return plan;
}

}  // namespace cupel::pipeline
