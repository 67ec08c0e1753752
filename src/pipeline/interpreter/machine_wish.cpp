// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/machine_wish.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "os/inside.hpp"
#include "pipeline/groovy/map.hpp"

namespace cupel::pipeline {
namespace {

using place::ProvisionStep;

constexpr std::int64_t most_cpus = 255;

Result<Bytes> size_of(const Value& value, std::string_view key) {
  const auto size = parse_bytes(TRY(to_text(value)));
  if (!size || size->count == 0)
    return fail(Fault::invalid, "'{}' must be a size with its unit, as '2GiB'", key);
  return *size;
}

/// A source stays below the project: what its links lead to is looked at when it is read.
Result<os::fs::path> source_of(const Value& value, std::string_view key) {
  const os::fs::path path = TRY(to_text(value));
  if (path.empty()) return fail(Fault::invalid, "'{}' must not be empty", key);
  if (!os::stays_inside(path))
    return fail(Fault::invalid, "'{}': only files of the project can be named, not {}", key,
                path.string());
  return path;
}

Result<std::vector<std::string>> texts_of(const Value& value) {
  if (!value.as_list()) return std::vector<std::string>{TRY(to_text(value))};
  std::vector<std::string> texts;
  for (const auto& one : value.as_list()->items) texts.push_back(TRY(to_text(one)));
  return texts;
}

Result<std::map<std::string, std::string>> variables_of(const Value& value) {
  const auto map = value.as_map();
  if (!map) return fail(Fault::invalid, "'environment' must be a map, as [NAME: 'value']");
  std::map<std::string, std::string> variables;
  for (const auto& [name, held] : map->entries()) {
    const auto text = TRY(to_text(name));
    if (text.empty() || text.find('=') != std::string::npos)
      return fail(Fault::invalid, "'{}' is no name of a variable", text);
    variables[text] = TRY(to_text(held));
  }
  return variables;
}

/// One key of a step; which go together is looked at afterwards.
Result<> take(ProvisionStep& step, const std::string& key, const Value& value) {
  using Kind = ProvisionStep::Kind;
  if (key == "name") {
    step.name = TRY(to_text(value));
  } else if (key == "environment") {
    step.environment = TRY(variables_of(value));
  } else if (key == "to") {
    step.target = TRY(to_text(value));
    if (!step.target.starts_with('/'))
      return fail(Fault::invalid, "'to' must be an absolute path in the machine");
  } else if (key == "packages") {
    step.kind = Kind::packages;
    step.packages = TRY(texts_of(value));
    if (step.packages.empty()) return fail(Fault::invalid, "'packages' must not be empty");
  } else if (key == "file") {
    step.kind = Kind::file;
    step.source = TRY(source_of(value, key));
  } else if (key == "script") {
    step.source = TRY(source_of(value, key));
  } else {
    step.script = TRY(to_text(value));
    if (trim(step.script).empty()) return fail(Fault::invalid, "'shell' must not be empty");
  }
  return {};
}

Result<ProvisionStep> step_of(const Value& value) {
  static const std::vector<std::string> kinds = {"packages", "file", "shell", "script"};
  constexpr auto forms =
      "a step of 'provision' is [packages: ['...']], [file: 'FILE', to: '/PATH'], [shell: '...'] "
      "or [script: 'FILE']";
  const auto map = value.as_map();
  if (!map) return fail(Fault::invalid, forms);
  std::string kind;
  for (const auto& one : kinds)
    if (map->find_text(one) != nullptr) {
      if (!kind.empty()) return fail(Fault::invalid, forms);
      kind = one;
    }
  if (kind.empty()) return fail(Fault::invalid, forms);
  std::vector<std::string> allowed = {kind, "name"};
  if (kind == "file") allowed.emplace_back("to");
  if (kind == "shell" || kind == "script") allowed.emplace_back("environment");
  ProvisionStep step;
  for (const auto& [name, held] : map->entries()) {
    const auto key = TRY(to_text(name));
    if (std::ranges::find(allowed, key) == allowed.end()) {
      const auto meant = nearest(key, allowed);
      return fail(Fault::invalid, "a step with '{}' has no '{}': {}", kind, key,
                  meant ? fmt::format("did you mean '{}'?", *meant)
                        : fmt::format("known are {}", join(allowed, ", ")));
    }
    TRY(take(step, key, held));
  }
  if (kind == "file" && step.target.empty())
    return fail(Fault::invalid, "a step with 'file' needs 'to': where it goes");
  return step;
}

Result<std::vector<ProvisionStep>> steps_of(const Value& value) {
  if (!value.as_list()) return fail(Fault::invalid, "'provision' must be a list of steps");
  std::vector<ProvisionStep> steps;
  for (const auto& one : value.as_list()->items)
    steps.push_back(TRY(step_of(one), "provision, step {}", steps.size() + 1));
  return steps;
}

}  // namespace

Result<MachineWish> machine_wish(const std::vector<std::pair<std::string, Value>>& keys) {
  MachineWish wish;
  for (const auto& [key, value] : keys) {
    if (value.is_null()) continue;
    if (key == "box") {
      wish.box = TRY(to_text(value));
      if (wish.box->empty()) return fail(Fault::invalid, "'box' must not be empty");
    } else if (key == "cpus") {
      const auto count = parse_integer(trim(TRY(to_text(value))));
      if (!count || *count < 1 || *count > most_cpus)
        return fail(Fault::invalid, "'cpus' must be a number from 1 to {}", most_cpus);
      wish.cpus = static_cast<unsigned>(*count);
    } else if (key == "cpu") {
      wish.cpu = TRY(to_text(value));
      if (wish.cpu->empty() || wish.cpu->front() == '-')
        return fail(Fault::invalid, "'cpu' must be a model of QEMU's, as 'EPYC,+svm'");
    } else if (key == "memory") {
      wish.memory = TRY(size_of(value, key));
      if (*wish.memory < mib(128)) return fail(Fault::invalid, "'memory' must be at least 128MiB");
    } else if (key == "disk") {
      wish.disk = TRY(size_of(value, key));
    } else if (key == "provision") {
      wish.provision = TRY(steps_of(value));
    } else {
      return fail(Fault::invalid, "a machine has no '{}'", key);
    }
  }
  return wish;
}

}  // namespace cupel::pipeline
