// SPDX-License-Identifier: Apache-2.0
#include "runs/stored_run.hpp"

namespace cupel::runs {
namespace {

using std::chrono::milliseconds;

json::Array texts(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

std::vector<std::string> texts_of(const json::Value* value) {
  std::vector<std::string> all;
  if (value && value->as_array())
    for (const auto& item : *value->as_array())
      if (const auto* text = item.as_string()) all.push_back(*text);
  return all;
}

Result<model::Verdict> verdict_of(const json::Value& value) {
  return verdict_named(TRY(value.text("verdict")));
}

std::string_view name_of(model::TestRecord::State state) {
  switch (state) {
    case model::TestRecord::State::passed: return "passed";
    case model::TestRecord::State::failed: return "failed";
    case model::TestRecord::State::skipped: return "skipped";
  }
  return "passed";
}

model::TestRecord::State state_of(std::string_view text) {
  if (text == "failed") return model::TestRecord::State::failed;
  if (text == "skipped") return model::TestRecord::State::skipped;
  return model::TestRecord::State::passed;
}

json::Object stage_json(const model::StageRecord& stage) {
  return {{"path", texts(stage.path)},
          {"verdict", name(stage.verdict)},
          {"duration_ms", std::int64_t{stage.duration.count()}},
          {"node", stage.node},
          {"skip_reason", stage.skip_reason},
          {"failure", stage.failure}};
}

Result<model::StageRecord> stage_of(const json::Value& value) {
  model::StageRecord stage;
  stage.path = texts_of(value.find("path"));
  stage.verdict = TRY(verdict_of(value));
  stage.duration = milliseconds(TRY(value.integer("duration_ms")));
  stage.node = TRY(value.text("node"));
  stage.skip_reason = TRY(value.text("skip_reason"));
  stage.failure = TRY(value.text("failure"));
  return stage;
}

}  // namespace

Result<model::Verdict> verdict_named(std::string_view text) {
  if (const auto verdict = model::verdict_named(text)) return *verdict;
  return fail(Fault::invalid, "unknown verdict '{}'", text);
}

json::Object test_json(const model::TestRecord& test) {
  return {{"suite", test.suite},
          {"name", test.name},
          {"state", name_of(test.state)},
          {"duration_ms", std::int64_t{test.duration.count()}},
          {"message", test.message}};
}

Result<model::TestRecord> test_of(const json::Value& value) {
  model::TestRecord test;
  test.suite = TRY(value.text("suite"));
  test.name = TRY(value.text("name"));
  test.state = state_of(TRY(value.text("state")));
  test.duration = milliseconds(TRY(value.integer("duration_ms")));
  test.message = TRY(value.text("message"));
  return test;
}

json::Object machine_json(const model::MachineUse& machine) {
  return {{"name", machine.name},
          {"cpus", std::int64_t{machine.cpus}},
          {"memory", static_cast<std::int64_t>(machine.memory.count)},
          {"peak_memory", static_cast<std::int64_t>(machine.peak_memory.count)},
          {"processor_ms", std::int64_t{machine.processor_time.count()}},
          {"duration_ms", std::int64_t{machine.duration.count()}},
          {"files", texts(machine.files)}};
}

Result<model::MachineUse> machine_of(const json::Value& value) {
  const auto number = [&](const char* key) -> Result<std::int64_t> {
    const auto read = TRY(value.integer(key));
    if (read < 0) return fail(Fault::invalid, "'{}' of a machine is {}", key, read);
    return read;
  };
  model::MachineUse machine;
  machine.name = TRY(value.text("name"));
  machine.cpus = static_cast<unsigned>(TRY(number("cpus")));
  machine.memory.count = static_cast<std::uint64_t>(TRY(number("memory")));
  machine.peak_memory.count = static_cast<std::uint64_t>(TRY(number("peak_memory")));
  machine.processor_time = milliseconds(TRY(number("processor_ms")));
  machine.duration = milliseconds(TRY(number("duration_ms")));
  machine.files = texts_of(value.find("files"));
  return machine;
}

std::string to_json(const StoredRun& run) {
  const auto& record = run.record;
  json::Array stages, tests, machines;
  for (const auto& stage : record.stages) stages.emplace_back(stage_json(stage));
  for (const auto& test : record.tests) tests.emplace_back(test_json(test));
  for (const auto& machine : run.machines) machines.emplace_back(machine_json(machine));
  const auto started =
      std::chrono::duration_cast<milliseconds>(record.started.time_since_epoch()).count();
  json::Object variables;
  for (const auto& [variable, value] : record.variables) variables.emplace_back(variable, value);
  return json::write(json::Object{{"job", run.job},
                                  {"name", run.name},
                                  {"id", record.id},
                                  {"verdict", name(record.verdict)},
                                  {"infrastructure_failed", record.infrastructure_failed},
                                  {"failure", record.failure},
                                  {"started_ms", std::int64_t{started}},
                                  {"duration_ms", std::int64_t{record.duration.count()}},
                                  {"stages", std::move(stages)},
                                  {"tests", std::move(tests)},
                                  {"artifacts", texts(record.artifacts)},
                                  {"machines", std::move(machines)},
                                  {"remarks", texts(record.remarks)},
                                  {"display_name", record.display_name},
                                  {"description", record.description},
                                  {"keep", record.keep},
                                  {"variables", std::move(variables)}});
}

Result<StoredRun> stored_run_from_json(std::string_view text) {
  const auto root = TRY(json::parse(text));
  StoredRun run;
  run.job = TRY(root.text("job"));
  auto& record = run.record;
  record.id = TRY(root.text("id"));
  record.verdict = TRY(verdict_of(root));
  record.infrastructure_failed = TRY(root.flag("infrastructure_failed"));
  record.failure = TRY(root.text("failure"));
  record.started = model::WallTime(milliseconds(TRY(root.integer("started_ms"))));
  record.duration = milliseconds(TRY(root.integer("duration_ms")));
  record.artifacts = texts_of(root.find("artifacts"));
  record.remarks = texts_of(root.find("remarks"));
  // Records of older versions have none of these.
  run.name = root.text("name").value_or("");
  record.display_name = root.text("display_name").value_or("");
  record.description = root.text("description").value_or("");
  record.keep = root.flag("keep").value_or(false);
  if (const auto* variables = root.find("variables"); variables && variables->as_object())
    for (const auto& [variable, value] : *variables->as_object())
      if (const auto* text_of = value.as_string()) record.variables[variable] = *text_of;
  if (const auto* stages = root.find("stages"); stages && stages->as_array())
    for (const auto& stage : *stages->as_array()) record.stages.push_back(TRY(stage_of(stage)));
  if (const auto* tests = root.find("tests"); tests && tests->as_array())
    for (const auto& test : *tests->as_array()) record.tests.push_back(TRY(test_of(test)));
  if (const auto* machines = root.find("machines"); machines && machines->as_array())
    for (const auto& machine : *machines->as_array())
      run.machines.push_back(TRY(machine_of(machine)));
  return run;
}

}  // namespace cupel::runs
