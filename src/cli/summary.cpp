// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/harmless.hpp"

namespace cupel::cli {
namespace {

constexpr std::size_t shown_failures = 20;

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string padded(std::string text, std::size_t width) {
  const auto own = width_of(text);
  if (own < width) text.append(width - own, ' ');
  return text;
}

std::string one_line(std::string_view text, std::size_t limit = 300) {
  const auto first = harmless(text.substr(0, text.find('\n')), Colours::drop);
  return cut_to_width(first, limit) + (width_of(first) > limit ? "..." : "");
}

std::string verdict_text(model::Verdict verdict, const Marks& marks) {
  const auto text = std::string(model::name(verdict));
  switch (verdict) {
    case model::Verdict::success: return marks.paint(Paint::good, text);
    case model::Verdict::failure: return marks.paint(Paint::bad, text);
    case model::Verdict::unstable:
    case model::Verdict::aborted: return marks.paint(Paint::warning, text);
    case model::Verdict::not_built: return marks.paint(Paint::dim, text);
  }
  return text;
}

std::string stage_name(const model::StageRecord& stage) {
  const auto depth = stage.path.empty() ? 0 : stage.path.size() - 1;
  return std::string(2 * depth, ' ') + one_line(stage.path.empty() ? "" : stage.path.back(), 60);
}

/// A stage with what ran inside of it. Stages are recorded as they end, so that a parent comes
/// after its children, and those of another branch between them.
struct StageTree {
  const model::StageRecord* stage = nullptr;  ///< null: it has not ended
  std::vector<std::pair<std::string, StageTree>> inner = {};

  /// The one of that name that has not ended yet.
  StageTree& open(const std::string& name) {
    for (auto& [known, tree] : inner)
      if (known == name && tree.stage == nullptr) return tree;
    return inner.emplace_back(name, StageTree{}).second;
  }
  void list(std::vector<model::StageRecord>& stages) const {
    if (stage) stages.push_back(*stage);
    for (const auto& [_, tree] : inner) tree.list(stages);
  }
};

std::vector<model::StageRecord> in_reading_order(const std::vector<model::StageRecord>& stages) {
  StageTree root;
  for (const auto& stage : stages) {
    auto* tree = &root;
    for (const auto& name : stage.path) tree = &tree->open(name);
    if (tree != &root) tree->stage = &stage;
  }
  std::vector<model::StageRecord> ordered;
  root.list(ordered);
  return ordered;
}

std::string stages_text(const std::vector<model::StageRecord>& stages, const Marks& marks) {
  std::size_t width = 0;
  for (const auto& stage : stages) width = std::max(width, width_of(stage_name(stage)));
  std::string text;
  for (const auto& stage : in_reading_order(stages)) {
    text += "  " + padded(stage_name(stage), width) + "  ";
    if (stage.skip_reason.empty())
      text += fmt::format("{}  {}\n", verdict_text(stage.verdict, marks),
                          marks.paint(Paint::dim, to_text(stage.duration)));
    else
      text += marks.paint(Paint::dim, "skipped due to " + one_line(stage.skip_reason)) + "\n";
  }
  return text;
}

std::string tests_text(const std::vector<model::TestRecord>& tests, const Marks& marks) {
  if (tests.empty()) return {};
  const auto count = [&](model::TestRecord::State state) {
    return std::count_if(tests.begin(), tests.end(),
                         [&](const auto& test) { return test.state == state; });
  };
  const auto failed = count(model::TestRecord::State::failed);
  const auto failed_text = fmt::format("{} failed", failed);
  auto text =
      fmt::format("Tests: {} passed, {}, {} skipped\n", count(model::TestRecord::State::passed),
                  failed > 0 ? marks.paint(Paint::bad, failed_text) : failed_text,
                  count(model::TestRecord::State::skipped));
  std::size_t shown = 0;
  for (const auto& test : tests) {
    if (test.state != model::TestRecord::State::failed || shown == shown_failures) continue;
    ++shown;
    text +=
        fmt::format("  {}{}{}\n", one_line(test.suite.empty() ? "" : test.suite + ": "),
                    one_line(test.name), test.message.empty() ? "" : ": " + one_line(test.message));
  }
  const auto more = static_cast<std::size_t>(failed) - shown;
  if (more > 0) text += fmt::format("  and {} more\n", more);
  return text;
}

/// " in Tests > Unit"
std::string stage_text(const std::vector<std::string>& path) {
  std::string text;
  for (const auto& name : path) text += (text.empty() ? " in " : " > ") + one_line(name, 60);
  return text;
}

/// Where a run's failure comes from: " in Tests > Unit". Stages are recorded as they end, so the
/// first that bears it is the innermost.
std::string failed_stage(const model::RunRecord& record) {
  for (const auto& stage : record.stages) {
    if (stage.verdict != record.verdict || stage.failure != record.failure) continue;
    return stage_text(stage.path);
  }
  return {};
}

/// Where the time went: only of a run that lasted, and where one step stands out.
std::string slowest_text(const model::RunRecord& record, const SummaryFacts& facts) {
  constexpr auto long_enough = std::chrono::seconds(5);
  if (!facts.slowest || record.duration < long_enough) return {};
  if (facts.slowest->duration * 4 < record.duration) return {};
  return fmt::format("Slowest: {} of {}{}: {}\n", to_text(facts.slowest->duration),
                     to_text(record.duration), stage_text(facts.slowest->stage),
                     one_line(facts.slowest->what, 80));
}

std::string memory_text(const model::MachineUse& machine) {
  return fmt::format("peak {} (it was given {})", to_text(machine.peak_memory),
                     to_text(machine.memory));
}

std::string time_text(const model::MachineUse& machine) {
  return fmt::format("{} of processor time in {}", to_text(machine.processor_time),
                     to_text(machine.duration));
}

std::string machines_text(const SummaryFacts& facts) {
  const auto& all = facts.machines;
  if (all.empty()) return {};
  if (all.size() == 1)
    return fmt::format("Machine {}: {}, {}; recorded in {}\n", one_line(all[0].name),
                       memory_text(all[0]), time_text(all[0]), facts.recordings);
  const auto most = [&](auto measure) {
    return *std::max_element(all.begin(), all.end(), [&](const auto& one, const auto& other) {
      return measure(one) < measure(other);
    });
  };
  const auto largest = most([](const auto& one) { return one.peak_memory; });
  const auto busiest = most([](const auto& one) { return one.processor_time; });
  return fmt::format("Machines: {}, recorded in {}; largest {}: {}; busiest {}: {}\n", all.size(),
                     facts.recordings, one_line(largest.name), memory_text(largest),
                     one_line(busiest.name), time_text(busiest));
}

std::string remains_text(const SummaryFacts& facts, const Marks& marks) {
  std::string text;
  for (const auto& kept : facts.kept)
    text += fmt::format("Kept: {}, paused, for {}\n", kept.node, to_text(kept.time));
  if (facts.left_behind.empty())
    return text +
           (facts.kept.empty() ? "nothing was left behind\n" : "nothing else was left behind\n");
  text += marks.paint(Paint::bad, "left behind:") + "\n";
  for (const auto& thing : facts.left_behind) text += "  " + one_line(thing) + "\n";
  return text;
}

}  // namespace

std::string summary(const model::RunRecord& record, const SummaryFacts& facts, const Marks& marks) {
  auto text = "\n" + stages_text(record.stages, marks) + tests_text(record.tests, marks);
  for (const auto& remark : record.remarks) text += one_line(remark) + "\n";
  if (!record.artifacts.empty())
    text += fmt::format("Artifacts: {} in {}\n", record.artifacts.size(), facts.artifacts);
  text += machines_text(facts) + slowest_text(record, facts);
  text += fmt::format("Log: {}\n", facts.log);
  if (record.verdict != model::Verdict::success && !record.failure.empty())
    text += fmt::format("{}{}: {}\n",
                        record.infrastructure_failed ? "The infrastructure failed" : "Failed",
                        failed_stage(record), one_line(record.failure));
  text += remains_text(facts, marks);
  text += fmt::format("Run {}: {} after {}\n", record.id, verdict_text(record.verdict, marks),
                      to_text(record.duration));
  if (!facts.kept.empty()) text += fmt::format("Look into it: cupel ssh {}\n", record.id);
  return text;
}

}  // namespace cupel::cli
