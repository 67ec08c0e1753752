// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/context.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

Variables parse_environment(std::string_view text) {
  Variables variables;
  for (const auto& line : split(text, '\0')) {
    const auto equals = line.find('=');
    if (equals != std::string::npos) variables[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return variables;
}

}  // namespace

HeldNode::~HeldNode() {
  for (const auto& tidy : *at_end_.lock()) tidy(place());
}

void HeldNode::at_end(std::function<void(place::Place&)> tidy) {
  at_end_.lock()->push_back(std::move(tidy));
}

HeldNode::HeldNode(std::unique_ptr<Lease> lease, std::shared_ptr<HeldNode> machine)
    : machine_(std::move(machine)),
      lease_(std::move(lease)),
      workspace_(lease_->workspace()),
      variables_(lease_->environment()) {
  variables_.try_emplace("WORKSPACE", workspace_);
  variables_.try_emplace("WORKSPACE_TMP", workspace_tmp());
  variables_.try_emplace("NODE_NAME", lease_->node_name());
  variables_.try_emplace("EXECUTOR_NUMBER", "0");
}

void HeldNode::move_workspace(std::string directory) {
  workspace_ = std::move(directory);
  variables_["WORKSPACE"] = workspace_;
  variables_["WORKSPACE_TMP"] = workspace_tmp();
}

Variables HeldNode::ask(const Stop& stop) {
  if (auto known = *own_.lock()) return *known;
  place::Command command;
  command.argv = {"env", "-0"};
  const auto output = place::run_captured(place(), command, stop, 1U << 20);
  // A place that cannot tell has no variables that we know of; its next command says why.
  auto variables = output ? parse_environment(output->out) : Variables{};
  auto own = own_.lock();
  if (!*own) *own = std::move(variables);
  return **own;
}

std::optional<std::string> HeldNode::own_variable(const std::string& name, const Context& context) {
  if (context.branch->in_recorded_step) {
    const auto all = ask(context.stop);
    const auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  }
  {
    auto seen = seen_.lock();
    if (const auto found = seen->find(name); found != seen->end()) return found->second;
  }
  const auto value =
      context.run.interpreter.observe(context, "variable " + name, [&]() -> Outcome<Value> {
        const auto all = ask(context.stop);
        const auto found = all.find(name);
        return found == all.end() ? Value() : Value(found->second);
      });
  std::optional<std::string> text;
  if (value && value->as_text()) text = *value->as_text();
  seen_.lock()->emplace(name, text);
  return text;
}

std::optional<std::string> Context::variable(const std::string& name) const {
  const auto in = [&name](const Variables& variables) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  if (auto value = in(overrides)) return value;
  if (auto value = run.state.global(name)) return value;
  if (node)
    if (auto value = in(node->variables())) return value;
  if (auto value = in(run.base)) return value;
  if (node) return node->own_variable(name, *this);
  return std::nullopt;
}

Variables Context::variables() const {
  auto all = run.base;
  const auto lay = [&all](const Variables& layer) {
    for (const auto& [name, value] : layer) all[name] = value;
  };
  if (node) lay(node->variables());
  lay(run.state.globals());
  lay(overrides);
  return all;
}

void Context::set_variable(const std::string& name, const std::string& value) {
  const auto plus = name.find('+');
  if (plus == std::string::npos) {
    overrides[name] = value;
    return;
  }
  const auto base = name.substr(0, plus);
  const auto before = variable(base);
  overrides[base] = before && !before->empty() ? value + ":" + *before : value;
}

std::optional<model::Verdict> Context::result() const {
  const auto real = run.state.result();
  if (!logical) return real;
  return real ? model::worst(*real, *logical) : *logical;
}

bool Context::caused_by_sibling(const Signal& signal) const {
  const auto exception = signal.exception();
  if (!around || !exception || !exception->interruption || !exception->actual) return false;
  auto outside = *this;
  outside.stop = *around;
  return !run.interpreter.sees_stop(outside, "sibling");
}

StepId Context::next_step() const { return {branch->path, branch->steps++}; }

}  // namespace cupel::pipeline
