// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/scm_value.hpp"

#include "pipeline/interpreter/interpreter.hpp"

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

Outcome<Value> make_scm(const ScmFacts& facts) {
  const auto mark = std::pair<std::string, Value>(own_mark, Value(true));
  auto branch = TRY(make_map({{"name", Value(facts.branch.empty() ? "**" : facts.branch)}, mark}));
  auto remote = TRY(make_map({{"url", Value(facts.url)},
                              {"name", Value()},
                              {"refspec", Value()},
                              {"credentialsId", Value()},
                              mark}));
  return TRY(make_map({{"$class", Value("GitSCM")},
                       {"branches", Value::list({std::move(branch)})},
                       {"userRemoteConfigs", Value::list({std::move(remote)})},
                       {"extensions", Value::list({})},
                       {"doGenerateSubmoduleConfigurations", Value(false)},
                       {"submoduleCfg", Value::list({})},
                       {"key", Value("git " + facts.url)},
                       mark}));
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
