// SPDX-License-Identifier: Apache-2.0
#include "cupel/project.hpp"

#include "fleet/machine_node.hpp"
#include "fleet/topology.hpp"
#include "pipeline/syntax/children.hpp"
#include "pipeline/syntax/directive.hpp"

namespace cupel {

namespace fs = os::fs;
namespace syntax = pipeline::syntax;

std::string Project::name() const {
  std::string name;
  for (const auto c : directory.filename().string())
    name +=
        std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ? c : '_';
  return name.empty() || name == "." || name == ".." ? "project" : name;
}

namespace {

using VisitAgent = std::function<void(const syntax::Agent&)>;

void visit_agents(const std::vector<syntax::Stage>& stages, const VisitAgent& visit) {
  for (const auto& stage : stages) {
    if (stage.agent) visit(*stage.agent);
    if (const auto* inner = std::get_if<syntax::Stages>(&stage.body))
      visit_agents(inner->stages, visit);
    if (const auto* inner = std::get_if<syntax::Parallel>(&stage.body))
      visit_agents(inner->branches, visit);
    if (const auto* inner = std::get_if<syntax::Matrix>(&stage.body)) {
      if (inner->agent) visit(*inner->agent);
      visit_agents(inner->stages, visit);
    }
  }
}

void visit_agents(const syntax::Pipeline& pipeline, const VisitAgent& visit) {
  visit(pipeline.agent);
  visit_agents(pipeline.stages, visit);
}

}  // namespace

void check_topologies(syntax::Jenkinsfile& file, const fs::path& directory) {
  if (!file.pipeline) return;
  visit_agents(*file.pipeline, [&](const syntax::Agent& agent) {
    const auto* named = syntax::literal_text(agent.topology);
    if (named == nullptr) return;
    const auto topology = fleet::load_topology(directory, *named);
    if (!topology)
      file.diagnostics.push_back(
          {agent.topology->span, topology.error().text(), {}, syntax::Severity::error});
  });
}

Result<Project> open_project(const fs::path& directory, const std::string& jenkinsfile,
                             const Reading& reading) {
  Project project;
  std::error_code error;
  project.directory = fs::canonical(directory, error);
  if (error) return fail_errno(error.value(), "-C {}", directory.string());
  project.jenkinsfile = project.directory / jenkinsfile;
  if (!fs::exists(project.jenkinsfile, error))
    return fail(Fault::not_found, "no {} in {}: name another one, or the project with -C DIR",
                jenkinsfile, project.directory.string());
  constexpr std::size_t limit = 16U << 20;
  auto text = TRY(os::read_file(project.jenkinsfile, limit), "read {}", jenkinsfile);
  project.source = std::make_unique<syntax::Source>(jenkinsfile, std::move(text));
  project.pipeline = reading(*project.source);
  check_topologies(project.pipeline, project.directory);
  return project;
}

namespace {

class PlaceCheck {
 public:
  explicit PlaceCheck(const fleet::Catalog& catalog) : catalog_(catalog) {}

  void check(const syntax::Agent& agent) {
    if (agent.machine) check(agent, *agent.machine);
    if (agent.kind != syntax::Agent::Kind::label || !agent.label) return;
    const auto* literal = std::get_if<syntax::StringLiteral>(&agent.label_text->node);
    if (!literal) return;
    const auto node = catalog_.choose(literal->text);
    if (!node)
      found_.labels.push_back({agent.span, node.error().text(), {}, syntax::Severity::error});
  }

  UnknownPlaces found() && { return std::move(found_); }

 private:
  /// What is written as literals of a machine's box, and of the node that it starts from.
  void check(const syntax::Agent& agent, const syntax::MachineAgent& machine) {
    if (const auto* box = syntax::literal_text(machine.box))
      if (const auto known = fleet::box_named(*box); !known)
        found_.boxes.push_back(
            {machine.box->span, known.error().text(), {}, syntax::Severity::error});
    if (!agent.label || !syntax::literal_text(agent.label_text)) return;
    const auto node = fleet::node_of(catalog_, *syntax::literal_text(agent.label_text), {}, {});
    if (!node)
      found_.labels.push_back(
          {agent.label_text->span, node.error().text(), {}, syntax::Severity::error});
  }

  const fleet::Catalog& catalog_;
  UnknownPlaces found_;
};

class NodeCalls final : public syntax::Children {
 public:
  explicit NodeCalls(const fleet::Catalog& catalog) : catalog_(catalog) {}

  void child(const syntax::Statement& statement) override {
    syntax::show_children(statement.node, *this);
  }
  void child(const syntax::Expression& expression) override {
    if (const auto* call = expression.as<syntax::Call>(); call && !call->receiver) check(*call);
    syntax::show_children(expression.node, *this);
  }
  std::vector<syntax::Diagnostic> found() && { return std::move(found_); }

 private:
  void check(const syntax::Call& call) {
    // In agent { node { } } there is no text.
    if (call.name.text != "node" || call.arguments.items.empty()) return;
    const auto& value = *call.arguments.items.front().value;
    const auto* label = value.as<syntax::StringLiteral>();
    if (!label) return;
    const auto node = catalog_.choose(label->text);
    if (!node) found_.push_back({value.span, node.error().text(), {}, syntax::Severity::warning});
  }

  const fleet::Catalog& catalog_;
  std::vector<syntax::Diagnostic> found_;
};

}  // namespace

std::vector<syntax::Diagnostic> unknown_nodes(const syntax::Script& script,
                                              const fleet::Catalog& catalog) {
  NodeCalls calls(catalog);
  for (const auto& statement : script.statements) calls.child(*statement);
  return std::move(calls).found();
}

UnknownPlaces unknown_places(const syntax::Pipeline& pipeline, const fleet::Catalog& catalog) {
  PlaceCheck places(catalog);
  visit_agents(pipeline, [&](const syntax::Agent& agent) { places.check(agent); });
  return std::move(places).found();
}

std::string mistakes(const syntax::Source& source,
                     const std::vector<syntax::Diagnostic>& diagnostics) {
  std::string text;
  for (std::size_t i = 0; i < std::min(shown_mistakes, diagnostics.size()); ++i)
    text += syntax::render_for_lint(source, diagnostics[i]);
  if (diagnostics.size() > shown_mistakes)
    text += fmt::format("and {} more: cupel lint shows them all\n",
                        diagnostics.size() - shown_mistakes);
  return text;
}

}  // namespace cupel
