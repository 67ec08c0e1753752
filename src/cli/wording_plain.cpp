// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/harmless.hpp"
#include "cli/wording.hpp"

namespace cupel::cli {
namespace {

using Kind = pipeline::Observer::StageKind;
using StepKind = pipeline::Observer::StepKind;

/// For a pipe: what the commands print, and a line where a stage begins or ends.
class PlainWording final : public Wording {
 public:
  explicit PlainWording(Foreign foreign) : foreign_(foreign) {}

  std::string stage_started(const pipeline::StagePath& path, const Branch&, Kind) override {
    return fmt::format("== {}\n", full_name(path));
  }

  std::string stage_finished(const model::StageRecord& stage, const Branch&, Kind) override {
    const auto name = full_name(stage.path);
    if (!stage.skip_reason.empty()) return fmt::format("== {}: skipped\n", name);
    return fmt::format("== {}: {} after {}\n", name, model::name(stage.verdict),
                       to_text(stage.duration));
  }

  std::string step(Edge, std::string_view, StepKind, const Branch&) override { return {}; }

  std::string line(std::string_view line, LineCutter::Part part, place::Stream,
                   const Branch& branch) override {
    return prefix(branch) +
           (foreign_ == Foreign::raw ? std::string(line) : harmless(line, Colours::keep)) +
           (part == LineCutter::Part::first ? " [a long line, in pieces]\n" : "\n");
  }

  std::string note(std::string_view line, const Branch& branch) override {
    return prefix(branch) + printable(line) + "\n";
  }

 private:
  static std::string full_name(const pipeline::StagePath& path) {
    return printable(join(path, " / "));
  }
  static std::string prefix(const Branch& branch) {
    return branch.empty() ? std::string() : fmt::format("[{}] ", printable(join(branch, " / ")));
  }

  Foreign foreign_;
};

}  // namespace

std::unique_ptr<Wording> plain_wording(Foreign foreign) {
  return std::make_unique<PlainWording>(foreign);
}

}  // namespace cupel::cli
