// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/issue_reference.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline::steps {
namespace {

/// One finished run, with its artifacts in a directory.
class OneRun final : public PastRuns {
 public:
  explicit OneRun(model::Verdict verdict) : verdict_(verdict) {}
  Result<Found> find(const std::string&, Which, std::optional<unsigned>) const override {
    return fail(Fault::not_found, "none");
  }
  Result<std::optional<PastRun>> before(
      const std::string&, unsigned number,
      const std::vector<model::Verdict>& verdicts) const override {
    const bool fits = std::find(verdicts.begin(), verdicts.end(), verdict_) != verdicts.end();
    if (!fits || number <= 3) return std::optional<PastRun>();
    PastRun run;
    run.number = 3;
    run.artifacts = directory_.path();
    return run;
  }
  void keep(std::string_view text) {
    EXPECT_TRUE(os::write_file(directory_.path() / "issues.jsonl", text));
  }

 private:
  model::Verdict verdict_;
  os::TempDir directory_ = std::move(*os::TempDir::make("issues"));
};

Issue issue(std::string file, std::int64_t line, std::string message) {
  Issue made;
  made.file = std::move(file);
  made.line = line;
  made.message = std::move(message);
  return made;
}

TEST(IssueReference, TellsWhatIsNewAndWhatIsFixedWithoutRegardToLines) {
  OneRun runs(model::Verdict::unstable);
  runs.keep(
      "{\"tool\":\"gcc\",\"file\":\"a.c\",\"line\":1,\"message\":\"same\"}\n"
      "{\"tool\":\"gcc\",\"file\":\"a.c\",\"line\":2,\"message\":\"same\"}\n"
      "{\"tool\":\"gcc\",\"file\":\"b.c\",\"line\":2,\"message\":\"gone\"}\n"
      "{\"tool\":\"clang\",\"file\":\"c.c\",\"line\":2,\"message\":\"another tool's\"}\n"
      "no json\n");

  const auto reference = IssueReference::find(runs, "job", 7, {"gcc"});

  ASSERT_TRUE(reference);
  ASSERT_TRUE(*reference);
  const std::vector now = {issue("a.c", 8, "same"), issue("a.c", 9, "new")};
  EXPECT_EQ((*reference)->run(), 3U);
  EXPECT_EQ((*reference)->issues().size(), 3U);
  EXPECT_EQ((*reference)->fresh(now), std::vector{now[1]});
  EXPECT_EQ((*reference)->fixed(now).size(), 2U);
}

TEST(IssueReference, IsOfNoRunThatFailed) {
  const OneRun failed(model::Verdict::failure);
  EXPECT_FALSE(*IssueReference::find(failed, "job", 7, {"gcc"}));
  const OneRun first(model::Verdict::success);
  EXPECT_FALSE(*IssueReference::find(first, "job", 3, {"gcc"}));
}

TEST(IssueReference, OfARunThatFoundNothingIsEmpty) {
  const OneRun clean(model::Verdict::success);
  const auto reference = IssueReference::find(clean, "job", 7, {"gcc"});
  ASSERT_TRUE(*reference);
  EXPECT_TRUE((*reference)->issues().empty());
}

}  // namespace
}  // namespace cupel::pipeline::steps
