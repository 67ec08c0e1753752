// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/scm_value.hpp"

#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/read_only_object.hpp"

namespace cupel::pipeline {
namespace {

/// In the maps of `scm`, to know them again.
constexpr std::string_view own_mark = "$cupel";

Result<Value> make_map(std::vector<std::pair<std::string, Value>> entries) {
  auto map = std::make_shared<Map>();
  for (auto& [name, value] : entries) TRY(map->put(Value(name), std::move(value)));
  return Value(std::move(map));
}

bool has_mark(const Map& map) { return map.find(Value(own_mark)) != nullptr; }

bool first_has_mark(const Map& scm, std::string_view name) {
  const auto* value = scm.find(Value(name));
  const auto list = value ? value->as_list() : nullptr;
  if (!list || list->items.size() != 1) return false;
  const auto first = list->items[0].as_map();
  return first && has_mark(*first);
}

/// As Jenkins' objects; as an argument of a step the same as a map.
Value make_scm(const ScmFacts& facts) {
  const auto branch_name = facts.branch.empty() ? std::string("**") : facts.branch;
  const std::string mark(own_mark);
  const auto branch = read_only("hudson.plugins.git.BranchSpec", branch_name,
                                {{"name", Value(branch_name)}, {mark, Value(true)}});
  const auto remote = read_only("hudson.plugins.git.UserRemoteConfig", facts.url,
                                {{"url", Value(facts.url)},
                                 {"name", Value()},
                                 {"refspec", Value()},
                                 {"credentialsId", Value()},
                                 {mark, Value(true)}});
  const auto repository = read_only("org.eclipse.jgit.transport.RemoteConfig", facts.url,
                                    {{"name", Value("origin")},
                                     {"URIs", Value::list({Value(facts.url)})},
                                     {"uris", Value::list({Value(facts.url)})}});
  return read_only("hudson.plugins.git.GitSCM", "hudson.plugins.git.GitSCM@1",
                   {{"$class", Value("GitSCM")},
                    {"branches", Value::list({branch})},
                    {"userRemoteConfigs", Value::list({remote})},
                    {"repositories", Value::list({repository})},
                    {"extensions", Value::list({})},
                    {"browser", Value()},
                    {"gitTool", Value()},
                    {"doGenerateSubmoduleConfigurations", Value(false)},
                    {"submoduleCfg", Value::list({})},
                    {"key", Value("git " + facts.url)},
                    {mark, Value(true)}});
}

std::string text_in(const Value& map, std::string_view name) {
  const auto* value = map.as_map() ? map.as_map()->find(Value(name)) : nullptr;
  return value && value->as_text() ? *value->as_text() : std::string();
}

}  // namespace

Outcome<Value> own_scm(Context& context) {
  auto* scm = context.run.scm;
  if (!scm) return no_scm();
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    const auto facts = TRY(Outcome<ScmFacts>(scm->facts(context.stop)));
    return TRY(make_map({{"url", Value(facts.url)},
                         {"branch", Value(facts.branch)},
                         {"commit", Value(facts.commit)}}));
  };
  const auto known =
      TRY(context.run.interpreter.perform({"scm", "", Replay::reads}, context, live));
  return make_scm({text_in(known, "url"), text_in(known, "branch"), text_in(known, "commit")});
}

tl::unexpected<Signal> no_scm() {
  return raise("hudson.AbortException",
               "‘checkout scm’ is only available when using “Multibranch Pipeline” or “Pipeline "
               "script from SCM”");
}

std::shared_ptr<Map> map_of(const Value& scm) { return scm.as_map(); }

bool is_own_scm(const Map& scm) { return has_mark(scm); }

bool names_own_source(const Map& scm) {
  return first_has_mark(scm, "branches") && first_has_mark(scm, "userRemoteConfigs");
}

}  // namespace cupel::pipeline
