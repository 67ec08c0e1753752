// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/issue_reference.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"
#include "pipeline/steps/warnings.hpp"

namespace cupel::pipeline::steps {
namespace {

using Severity = Issue::Severity;
using model::Verdict;

constexpr std::size_t most_log = 256U << 20;

/// What one tool is to read.
struct Order {
  const IssueTool* tool = nullptr;
  std::string title, pattern;
};

Outcome<Order> order_of(const Described& object, const std::string& pattern) {
  Order order;
  order.tool = find_issue_tool(object.kind);
  if (!order.tool)
    return raise("java.lang.UnsupportedOperationException",
                 "recordIssues: the tool '{}' is not supported; there are {}", object.kind,
                 join(issue_tools(), ", "));
  order.title = TRY(object.arguments.text("name", order.tool->title));
  order.pattern = TRY(object.arguments.text("pattern", pattern));
  return order;
}

Outcome<std::vector<Issue>> read(const Order& order, StepContext& context) {
  std::vector<Issue> all;
  const auto add = [&](std::string_view text, const std::string& where) {
    auto issues = parse_issues(*order.tool, text);
    if (!issues)
      context.print(fmt::format("[{}] [ERROR] {}: {}", order.title, where, issues.error().text()));
    else
      all.insert(all.end(), issues->begin(), issues->end());
  };
  if (order.pattern.empty()) {
    const auto log = context.files().log();
    if (!log)
      return raise("hudson.AbortException",
                   "recordIssues: {} needs a pattern: this run has no log to look into",
                   order.tool->id);
    add(TRY(Outcome<std::string>(os::read_file(*log, most_log))), "the log");
    return all;
  }
  auto* node = TRY(context.node());
  const auto aside = TRY(os::TempDir::make("issues"));
  auto names = fetch(node->place(), context.directory(),
                     selection_of(order.pattern, "", os::Selection::Defaults::keep), aside.path(),
                     context.stop());
  if (!names) return tl::unexpected(context.failure(std::move(names.error())));
  if (names->empty())
    context.print(fmt::format("[{}] [ERROR] No files found for pattern '{}'. Configuration error?",
                              order.title, order.pattern));
  for (const auto& name : *names) {
    std::error_code error;
    if (os::fs::is_symlink(aside.path() / name, error)) continue;
    add(TRY(Outcome<std::string>(os::read_file(aside.path() / name, most_log))), name);
  }
  return all;
}

struct Counts {
  std::size_t total = 0, error = 0, high = 0, normal = 0, low = 0;
};

Counts count(const std::vector<Issue>& issues) {
  Counts counts;
  counts.total = issues.size();
  for (const auto& issue : issues)
    ++(issue.severity == Severity::error  ? counts.error
       : issue.severity == Severity::high ? counts.high
       : issue.severity == Severity::low  ? counts.low
                                          : counts.normal);
  return counts;
}

/// The number that "TOTAL_HIGH", "NEW_HIGH", "DELTA_HIGH" ask for by their end.
std::optional<std::size_t> part(const Counts& counts, std::string_view suffix) {
  if (suffix.empty()) return counts.total;
  if (suffix == "_ERROR") return counts.error;
  if (suffix == "_HIGH") return counts.high;
  if (suffix == "_NORMAL") return counts.normal;
  if (suffix == "_LOW") return counts.low;
  return std::nullopt;
}

/// What gates look at. Without a reference nothing is new, as in Jenkins.
struct Measures {
  Counts total, fresh, before;
  bool compared = false;
};

/// Nothing where there is no such type of gate.
std::optional<std::int64_t> measured(const Measures& measures, std::string_view type) {
  const auto number = [](std::optional<std::size_t> count) {
    return count ? std::optional(static_cast<std::int64_t>(*count)) : std::nullopt;
  };
  if (type.starts_with("TOTAL")) return number(part(measures.total, type.substr(5)));
  if (type.starts_with("NEW")) return number(part(measures.fresh, type.substr(3)));
  if (!type.starts_with("DELTA")) return std::nullopt;
  const auto now = number(part(measures.total, type.substr(5)));
  const auto before = number(part(measures.before, type.substr(5)));
  if (!now || !before) return std::nullopt;
  return measures.compared ? *now - *before : 0;
}

/// recordIssues tools: [gcc(), clang()], qualityGates: [[threshold: 1, type: 'TOTAL']]
class RecordIssues final : public SignedStep {
 public:
  RecordIssues() : SignedStep(own_signature()) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    std::vector<Described> objects;
    for (const auto* parameter : {"tool", "tools"})
      if (const auto* given = arguments.find(parameter))
        for (auto& one : TRY(all_described(given, "recordIssues")))
          objects.push_back(std::move(one));
    if (objects.empty())
      return raise("java.lang.IllegalArgumentException", "recordIssues needs a tool, as gcc()");
    std::vector<Issue> all;
    std::vector<std::string> tools;
    for (const auto& object : objects) {
      const auto order = TRY(order_of(object, TRY(arguments.text("pattern", ""))));
      const auto issues = TRY(read(order, context));
      const auto counts = count(issues);
      const auto text =
          fmt::format("{}: {} issue(s): {} error, {} high, {} normal, {} low", order.title,
                      counts.total, counts.error, counts.high, counts.normal, counts.low);
      context.print(fmt::format("[{}] found {}", order.title, text.substr(order.title.size() + 2)));
      context.files().add_remark(text);
      TRY(keep(order, issues, context));
      tools.emplace_back(order.tool->id);
      all.insert(all.end(), issues.begin(), issues.end());
    }
    TRY(apply_gates(arguments, TRY(measure(all, tools, context)), context));
    return result(all);
  }

 private:
  static syntax::StepSignature own_signature() {
    return step(
        "recordIssues", "",
        "Finds compilers' and checkers' warnings in the log or in files, and keeps them in the "
        "artifact issues.jsonl",
        {takes("tools", Kind::list, "", "gcc(), clang(), pyLint(pattern: '*.log'), ..."),
         takes("tool", Kind::map, "", "Or only one"),
         takes("pattern", Kind::text, "the log of the run", "Ant patterns of files to look into"),
         takes("qualityGates", Kind::list, "",
               "[threshold: 1, type: 'TOTAL', criticality: 'UNSTABLE' or 'FAILURE'] for each; "
               "types: TOTAL, NEW (since the latest run that was SUCCESS or UNSTABLE), DELTA, "
               "each also with _ERROR, _HIGH, _NORMAL, _LOW"),
         takes("failOnError", Kind::flag, "false", "Taken for Jenkins' sake"),
         ignores("enabledForFailure", Kind::flag),
         ignores("aggregatingResults", Kind::flag),
         ignores("id", Kind::text),
         ignores("name", Kind::text),
         ignores("filters", Kind::list),
         ignores("ignoreQualityGate", Kind::flag),
         ignores("minimumSeverity", Kind::text),
         ignores("referenceJobName", Kind::text),
         ignores("sourceCodeEncoding", Kind::text),
         ignores("sourceDirectories", Kind::list),
         ignores("sourceDirectory", Kind::text),
         ignores("healthy", Kind::number),
         ignores("unhealthy", Kind::number),
         ignores("skipBlames", Kind::flag),
         ignores("skipPublishingChecks", Kind::flag),
         ignores("publishAllIssues", Kind::flag),
         ignores("blameDisabled", Kind::flag),
         ignores("forensicsDisabled", Kind::flag),
         ignores("trendChartType", Kind::text),
         ignores("quiet", Kind::flag),
         ignores("scm", Kind::text)});
  }

  static Outcome<void> keep(const Order& order, const std::vector<Issue>& issues,
                            StepContext& context) {
    std::string lines;
    for (const auto& issue : issues)
      lines += json::write(json::Object{{"tool", order.tool->id},
                                        {"file", issue.file},
                                        {"line", issue.line},
                                        {"column", issue.column},
                                        {"severity", name(issue.severity)},
                                        {"type", issue.type},
                                        {"message", issue.message}}) +
               "\n";
    if (lines.empty()) return {};
    return Outcome<void>(context.files().append_artifact("issues.jsonl", lines));
  }

  static Outcome<Measures> measure(const std::vector<Issue>& all,
                                   const std::vector<std::string>& tools, StepContext& context) {
    Measures measures;
    measures.total = count(all);
    const auto* runs = context.services().past_runs;
    const auto& run = context.run();
    const auto number = run.base.find("BUILD_NUMBER");
    if (!runs || number == run.base.end()) return measures;
    const auto before = static_cast<unsigned>(parse_integer(number->second).value_or(0));
    const auto reference = TRY(Outcome<std::optional<IssueReference>>(
        IssueReference::find(*runs, run.facts.job, before, tools)));
    if (!reference) return measures;
    measures.compared = true;
    measures.before = count(reference->issues());
    measures.fresh = count(reference->fresh(all));
    context.print(fmt::format("Compared with run {}: {} new, {} fixed", reference->run(),
                              measures.fresh.total, reference->fixed(all).size()));
    return measures;
  }

  static Outcome<void> apply_gates(const Arguments& arguments, const Measures& measures,
                                   StepContext& context) {
    const auto* gates = arguments.find("qualityGates");
    if (!gates) return {};
    for (const auto& one : TRY(Outcome<std::vector<Value>>(elements(*gates)))) {
      const auto gate = TRY(described_map(one, "recordIssues: a quality gate"));
      const auto threshold = TRY(gate.integer("threshold"));
      const auto type = TRY(gate.text("type", "TOTAL"));
      const bool unstable =
          TRY(gate.flag("unstable", TRY(gate.text("criticality", "UNSTABLE")) != "FAILURE"));
      const auto number = measured(measures, type);
      if (!number)
        return raise("java.lang.IllegalArgumentException",
                     "recordIssues: a quality gate's type is TOTAL, NEW or DELTA, or one of these "
                     "with _ERROR, _HIGH, _NORMAL, _LOW; not '{}'",
                     type);
      const bool missed = *number >= threshold;
      context.print(fmt::format("Quality gate {}: {} (threshold {}): {}", type, *number, threshold,
                                missed ? (unstable ? "UNSTABLE" : "FAILURE") : "SUCCESS"));
      if (!missed) continue;
      context.worsen_run(unstable ? Verdict::unstable : Verdict::failure);
      context.worsen_stage(unstable ? Verdict::unstable : Verdict::failure);
    }
    return {};
  }

  static Outcome<Value> result(const std::vector<Issue>& issues) {
    std::vector<Value> all;
    for (const auto& issue : issues) {
      auto map = std::make_shared<Map>();
      TRY(Outcome<void>(map->put(Value("fileName"), Value(issue.file))));
      TRY(Outcome<void>(map->put(Value("line"), Value(issue.line))));
      TRY(Outcome<void>(map->put(Value("severity"), Value(name(issue.severity)))));
      TRY(Outcome<void>(map->put(Value("type"), Value(issue.type))));
      TRY(Outcome<void>(map->put(Value("message"), Value(issue.message))));
      all.emplace_back(std::move(map));
    }
    return Value::list(std::move(all));
  }
};

}  // namespace

std::unique_ptr<Step> make_record_issues() { return std::make_unique<RecordIssues>(); }

}  // namespace cupel::pipeline::steps
