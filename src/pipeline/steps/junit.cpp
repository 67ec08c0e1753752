// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/read_only_object.hpp"
#include "pipeline/steps/junit_report.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/place_files.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using State = model::TestRecord::State;

/// What was recorded of the tests, as Jenkins' object: s.failCount, s.getFailCount().
Value summary_of(const Value& recorded) {
  ReadOnlyObject::Properties properties;
  for (const auto& [name, value] : recorded.as_map()->entries())
    properties.emplace(*name.as_text(), value);
  const auto number = [&](std::string_view name) {
    const auto found = properties.find(name);
    const auto* count = found == properties.end() ? nullptr : found->second.as_integer();
    return count ? *count : 0;
  };
  auto text = fmt::format(
      "TestResultSummary{{failCount={}, skipCount={}, passCount={}, totalCount={}}}",
      number("failCount"), number("skipCount"), number("passCount"), number("totalCount"));
  return read_only("hudson.tasks.junit.TestResultSummary", std::move(text), std::move(properties));
}

/// junit 'out/*.xml'  |  junit testResults: 'out/*.xml', allowEmptyResults: true
class Junit final : public SignedStep {
 public:
  Junit()
      : SignedStep(step(
            "junit", "testResults",
            "Records the tests of JUnit reports; the run is UNSTABLE when one failed. Gives their "
            "numbers, as an object: totalCount, failCount, skipCount, passCount",
            {needs("testResults", Kind::text, "Ant patterns of the reports"),
             takes("allowEmptyResults", Kind::flag, "false", "Whether no result at all is fine"),
             takes("skipMarkingBuildUnstable", Kind::flag, "false",
                   "Whether the run stays as it is when tests failed"),
             ignores("keepLongStdio", Kind::flag), ignores("skipPublishingChecks", Kind::flag),
             ignores("skipOldReports", Kind::flag), ignores("checksName", Kind::text),
             ignores("healthScaleFactor", Kind::number), ignores("testDataPublishers", Kind::list),
             ignores("keepProperties", Kind::flag), ignores("keepTestNames", Kind::flag),
             ignores("stdioRetention", Kind::text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    // The numbers are what is recorded: a resumed run has the same object of them.
    return summary_of(TRY(context.recorded("junit", Replay::reads, [&](StepContext& part) {
      return read_and_record(arguments, part);
    })));
  }

 private:
  static Outcome<Value> read_and_record(const Arguments& arguments, StepContext& context) {
    const auto patterns = TRY(arguments.text("testResults"));
    const bool allow_empty = TRY(arguments.flag("allowEmptyResults"));
    auto* node = TRY(context.node());
    context.print("Recording test results");
    const auto reports = TRY(os::TempDir::make("junit"));
    const auto selection = selection_of(patterns, "", os::Selection::Defaults::exclude);
    auto names =
        fetch(node->place(), context.directory(), selection, reports.path(), context.stop());
    if (!names) return tl::unexpected(context.failure(std::move(names.error())));
    auto tests = read(reports.path(), *names);
    if (tests.empty()) {
      const std::string text = names->empty()
                                   ? "No test report files were found. Configuration error?"
                                   : "None of the test reports contained any result";
      if (!allow_empty) return raise("hudson.AbortException", "{}", text);
      context.print(text);
    }
    return record(std::move(tests), TRY(arguments.flag("skipMarkingBuildUnstable")), context);
  }

  /// A report that cannot be read is a failed test, so that a truncated one is never taken for
  /// green.
  static std::vector<model::TestRecord> read(const os::fs::path& root,
                                             const std::vector<std::string>& names) {
    std::vector<model::TestRecord> all;
    for (const auto& name : names) {
      auto tests = read_one(root / name);
      if (tests) {
        all.insert(all.end(), tests->begin(), tests->end());
        continue;
      }
      model::TestRecord broken;
      broken.suite = name;
      broken.name = "Failed to read test report file";
      broken.state = State::failed;
      broken.message = name + ": " + tests.error().text();
      all.push_back(std::move(broken));
    }
    return all;
  }

  static Result<std::vector<model::TestRecord>> read_one(const os::fs::path& path) {
    if (os::fs::is_symlink(path)) return fail(Fault::invalid, "a symbolic link");
    return parse_junit_report(TRY(os::read_file(path)));
  }

  static Outcome<Value> record(std::vector<model::TestRecord> tests, bool keep_stable,
                               StepContext& context) {
    std::int64_t failed = 0, skipped = 0;
    for (const auto& test : tests) {
      failed += test.state == State::failed ? 1 : 0;
      skipped += test.state == State::skipped ? 1 : 0;
    }
    const auto total = static_cast<std::int64_t>(tests.size());
    context.note(fmt::format("{} test(s): {} passed, {} failed, {} skipped", total,
                             total - failed - skipped, failed, skipped));
    for (const auto& test : tests)
      if (test.name == "Failed to read test report file") context.note(test.message);
    context.files().add_tests(std::move(tests));
    if (failed > 0 && !keep_stable) {
      context.worsen_run(model::Verdict::unstable);
      context.worsen_stage(model::Verdict::unstable);
    }
    auto summary = std::make_shared<Map>();
    TRY(summary->put("totalCount", total));
    TRY(summary->put("failCount", failed));
    TRY(summary->put("skipCount", skipped));
    TRY(summary->put("passCount", total - failed - skipped));
    return Value(std::move(summary));
  }
};

/// realtimeJUnit('out/*.xml') { ... }: as junit, behind its body, however that went.
class RealtimeJunit final : public SignedStep {
 public:
  RealtimeJunit() : SignedStep(own_signature()) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    auto result = context.run_body(inner);
    // A step of its own: a resumed run has its record, when the node may be gone.
    auto recorded =
        context.run().interpreter.run_step("junit", arguments, nullptr, context.outer());
    if (!result) return result;
    if (!recorded) return recorded;
    return result;
  }

 private:
  static syntax::StepSignature own_signature() {
    auto made = Junit().signature();
    made.name = "realtimeJUnit";
    made.takes_body = true;
    made.about = "Runs its body, then records the tests of JUnit reports as junit does";
    return made;
  }
};

}  // namespace

std::unique_ptr<Step> make_realtime_junit() { return std::make_unique<RealtimeJunit>(); }
std::unique_ptr<Step> make_junit() { return std::make_unique<Junit>(); }

}  // namespace cupel::pipeline::steps
