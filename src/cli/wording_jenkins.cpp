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
    const auto stage = printable(path.empty() ? "" : path.back());
    if (kind == Kind::branch) return fmt::format("[Pipeline] {{ (Branch: {})\n", stage);
    return fmt::format("[Pipeline] stage\n[Pipeline] {{ ({})\n", stage);
  }

  std::string stage_finished(const model::StageRecord&, const Branch&, Kind kind) override {
    return kind == Kind::stage ? "[Pipeline] }\n[Pipeline] // stage\n" : "[Pipeline] }\n";
  }

  std::string step(Edge edge, std::string_view step, StepKind kind, const Branch&) override {
    // A `parallel` has no brace of its own: its branches have.
    const bool braces = kind == StepKind::body && step != "parallel";
    if (edge == Edge::start)
      return fmt::format("[Pipeline] {}\n", step) + (braces ? "[Pipeline] {\n" : "");
    if (kind == StepKind::simple) return {};
    return fmt::format("{}[Pipeline] // {}\n", braces ? "[Pipeline] }\n" : "", step);
  }

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
