// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/harmless.hpp"
#include "cli/marks.hpp"
#include "cli/wording.hpp"

namespace cupel::cli {
namespace {

using Kind = pipeline::Observer::StageKind;
using StepKind = pipeline::Observer::StepKind;

/// For a terminal: stages stand out, what commands print is indented and dim.
class PrettyWording final : public Wording {
 public:
  explicit PrettyWording(const Marks& marks) : marks_(marks) {}

  std::string stage_started(const pipeline::StagePath& path, const Branch& branch, Kind) override {
    return fmt::format("{} {}\n", marks_.paint(Paint::running, marks_.begin()),
                       marks_.paint(Paint::bold, full_name(path, branch)));
  }

  std::string stage_finished(const model::StageRecord& stage, const Branch& branch, Kind) override {
    const auto name = full_name(stage.path, branch);
    if (!stage.skip_reason.empty())
      return fmt::format("{} {}\n", marks_.skipped(), marks_.paint(Paint::dim, name + " skipped"));
    return fmt::format("{} {} {}\n", marks_.of(stage.verdict), name,
                       marks_.paint(Paint::dim, to_text(stage.duration)));
  }

  std::string step(Edge, std::string_view, StepKind, const Branch&) override { return {}; }

  std::string line(std::string_view line, LineCutter::Part part, place::Stream,
                   const Branch& branch) override {
    const auto text = harmless(line, marks_.coloured() ? Colours::keep : Colours::drop);
    return bar(branch) + marks_.paint(Paint::dim, text) +
           (part == LineCutter::Part::first ? " [a long line, in pieces]\n" : "\n");
  }

  std::string note(std::string_view line, const Branch& branch) override {
    return bar(branch) + printable(line) + "\n";
  }

 private:
  std::string full_name(const pipeline::StagePath& path, const Branch&) const {
    return printable(join(path, marks_.separator()));
  }
  std::string bar(const Branch& branch) const {
    const auto label = branch.empty()
                           ? std::string()
                           : marks_.paint(Paint::running, printable(join(branch, " / "))) + " ";
    return "  " + marks_.paint(Paint::dim, marks_.bar()) + " " + label;
  }

  Marks marks_;
};

}  // namespace

std::unique_ptr<Wording> pretty_wording(const Marks& marks) {
  return std::make_unique<PrettyWording>(marks);
}

}  // namespace cupel::cli
