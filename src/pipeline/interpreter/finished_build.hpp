// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/past_runs.hpp"

namespace cupel::pipeline {

/// A run as plain data, for a record.
Result<Value> plain_run(const PastRun& run);
PastRun run_of_plain(const Value& plain);

/// A run that has ended, as Jenkins shows it (RunWrapper): what the step build gives, and what
/// currentBuild.previousBuild is. `job`: what PastRuns knows its job by, for the runs before it;
/// empty: those are not asked for.
Value finished_build(PastRun run, std::string job);

/// The latest run of `job` before `number`, by the name of Jenkins' property: previousBuild,
/// previousSuccessfulBuild, ...; null if there is none. Nothing if there is no such property.
/// Recorded: a resumed run sees what it saw.
Outcome<std::optional<Value>> previous_build(const std::string& property, const std::string& job,
                                             unsigned number, Context& context);

/// "1 min 2 sec", as Jenkins writes spans of time.
std::string span_text(std::chrono::milliseconds span);
/// As many milliseconds, as a Long.
Value long_of(std::chrono::milliseconds span);

/// Answers resultIsBetterOrEqualTo and resultIsWorseOrEqualTo; nothing if it is another method.
Outcome<std::optional<Value>> compare_result(model::Verdict verdict, const std::string& method,
                                             const std::vector<Value>& arguments, Context& context);
/// As Jenkins reads one: in any case; and what is no result, as 'FAILED', is a failure.
model::Verdict result_of_word(const std::string& text);

/// What a pipeline must do without, and what there is instead; nothing if the name is none of
/// these.
std::optional<std::string> instead_of(const std::string& property);

}  // namespace cupel::pipeline
