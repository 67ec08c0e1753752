// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/harmless.hpp"
#include "cli/wording.hpp"

namespace cupel::cli {
namespace {

using Kind = pipeline::Observer::StageKind;
using StepKind = pipeline::Observer::StepKind;

/// The lines of Jenkins' console that tools read.
class JenkinsWording final : public Wording {
 public:
  explicit JenkinsWording(Foreign foreign) : foreign_(foreign) {}

  std::string stage_started(const pipeline::StagePath& path, const Branch&, Kind kind) override {
    if (kind == Kind::bare_branch) return {};
    return fmt::format("[Pipeline] stage\n[Pipeline] {{ ({})\n",
                       printable(path.empty() ? "" : path.back()));
  }

  std::string stage_finished(const model::StageRecord&, const Branch&, Kind kind) override {
    std::string text;
    if (kind != Kind::bare_branch) text = "[Pipeline] }\n[Pipeline] // stage\n";
    if (kind != Kind::stage) text += "[Pipeline] }\n";
    return text;
  }

  std::string step(Edge edge, std::string_view step, StepKind kind, const Branch&) override {
    // A stage is shown by its own events.
    if (step == "stage" && kind == StepKind::body) return {};
    if (edge == Edge::start) return fmt::format("[Pipeline] {}\n", step);
    const bool block = kind == StepKind::body || step == "parallel";
    return block ? fmt::format("[Pipeline] // {}\n", step) : std::string();
  }

  std::string block(const pipeline::BlockEvent& event) override {
    using BlockEdge = pipeline::BlockEvent::Edge;
    switch (event.edge) {
      case BlockEdge::called: return fmt::format("[Pipeline] {}\n", event.step);
      case BlockEdge::entered:
        return event.label.empty() ? "[Pipeline] {\n"
                                   : fmt::format("[Pipeline] {{ ({})\n", printable(event.label));
      case BlockEdge::left: return "[Pipeline] }\n";
      case BlockEdge::done: return fmt::format("[Pipeline] // {}\n", event.step);
      case BlockEdge::post: return "Post stage\n";
      case BlockEdge::failed: return fmt::format("Failed in branch {}\n", printable(event.label));
    }
    return {};
  }

  Failures failures() const override { return Failures::late; }

  std::string line(std::string_view line, LineCutter::Part, place::Stream,
                   const Branch& branch) override {
    return prefix(branch) +
           (foreign_ == Foreign::raw ? std::string(line) : harmless(line, Colours::keep)) + "\n";
  }

  std::string note(std::string_view line, const Branch& branch) override {
    return prefix(branch) + printable(line) + "\n";
  }

 private:
  static std::string prefix(const Branch& branch) {
    return branch.empty() ? std::string() : fmt::format("[{}] ", printable(branch.back()));
  }

  Foreign foreign_;
};

}  // namespace

std::unique_ptr<Wording> jenkins_wording(Foreign foreign) {
  return std::make_unique<JenkinsWording>(foreign);
}

}  // namespace cupel::cli
