// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/context.hpp"

#include "base/text.hpp"

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

HeldNode::HeldNode(std::unique_ptr<Lease> lease)
    : lease_(std::move(lease)), workspace_(lease_->workspace()), variables_(lease_->environment()) {
  variables_.try_emplace("WORKSPACE", workspace_);
  variables_.try_emplace("WORKSPACE_TMP", workspace_tmp());
  variables_.try_emplace("NODE_NAME", lease_->node_name());
  variables_.try_emplace("EXECUTOR_NUMBER", "0");
}

std::optional<std::string> HeldNode::own_variable(const std::string& name, const Stop& stop) {
  const bool asked = own_.lock()->has_value();
  if (!asked) {
    place::Command command;
    command.argv = {"env", "-0"};
    auto output = place::run_captured(place(), command, stop, 1U << 20);
    // A place that cannot tell has no variables that we know of; its next command says why.
    auto variables = output ? parse_environment(output->out) : Variables{};
    auto own = own_.lock();
    if (!*own) *own = std::move(variables);
  }
  auto own = own_.lock();
  const auto found = (*own)->find(name);
  if (found == (*own)->end()) return std::nullopt;
  return found->second;
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
  if (node) return node->own_variable(name, stop);
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
  return around && !around->requested() && exception && exception->interruption &&
         exception->actual;
}

StepId Context::next_step() { return {branch->path, branch->steps++}; }

}  // namespace cupel::pipeline
