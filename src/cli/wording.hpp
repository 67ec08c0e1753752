// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/line_cutter.hpp"
#include "model/run_record.hpp"
#include "pipeline/interpreter/events.hpp"

namespace cupel::cli {

/// How a console says what happens. Pure but for what it remembers; each answer is whole lines or
/// nothing. `branch`: names of the parallel branches around it, empty outside of `parallel`.
class Wording {
 public:
  using Branch = std::vector<std::string>;
  virtual ~Wording() = default;
  virtual std::string stage_started(const pipeline::StagePath& path, const Branch& branch,
                                    pipeline::Observer::StageKind kind) = 0;
  virtual std::string stage_finished(const model::StageRecord& stage, const Branch& branch,
                                     pipeline::Observer::StageKind kind) = 0;
  enum class Edge { start, end };
  virtual std::string step(Edge edge, std::string_view step, pipeline::Observer::StepKind kind,
                           const Branch& branch) = 0;
  virtual std::string line(std::string_view line, LineCutter::Part part, place::Stream stream,
                           const Branch& branch) = 0;
  virtual std::string note(std::string_view line, const Branch& branch) = 0;
  virtual std::string block(const pipeline::BlockEvent&) { return {}; }
  /// late: what failed is said when all else was.
  enum class Failures { at_once, late };
  virtual Failures failures() const { return Failures::at_once; }
};

/// raw: bytes as they came, for a pipe. harmless: for a terminal.
enum class Foreign { raw, harmless };
class Marks;

std::unique_ptr<Wording> plain_wording(Foreign foreign);
std::unique_ptr<Wording> jenkins_wording(Foreign foreign);
std::unique_ptr<Wording> pretty_wording(const Marks& marks);

}  // namespace cupel::cli
