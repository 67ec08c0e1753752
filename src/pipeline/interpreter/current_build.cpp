// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "base/text.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/change_sets.hpp"
#include "pipeline/interpreter/finished_build.hpp"
#include "pipeline/interpreter/globals.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/read_only_object.hpp"
#include "pipeline/interpreter/run_parameters.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

using std::chrono::milliseconds;

std::string base_variable(const Context& context, const std::string& name) {
  const auto found = context.run.base.find(name);
  return found == context.run.base.end() ? std::string() : found->second;
}

/// How long the run has been going on. Recorded, as all that looks at the clock.
Outcome<milliseconds> age(Context& context) {
  const auto started = context.run.facts.started;
  const auto known = TRY(
      context.run.interpreter.observe(context, "currentBuild.duration", [&]() -> Outcome<Value> {
        const auto now = std::chrono::duration_cast<milliseconds>(
            std::chrono::system_clock::now().time_since_epoch());
        return long_of(started.count() == 0 ? milliseconds(0) : now - started);
      }));
  return milliseconds(known.as_integer() ? *known.as_integer() : 0);
}

Outcome<Value> variables(Context& context) {
  auto map = std::make_shared<Map>();
  for (const auto& [name, value] : RunParameters::of(context.run).values())
    TRY(Outcome<void>(
        map->put(Value(name), Value(TRY(context.run.interpreter.text(value, context))))));
  for (const auto& [name, value] : context.run.state.globals())
    TRY(Outcome<void>(map->put(Value(name), Value(value))));
  return Value(std::move(map));
}

Outcome<Value> cause_value(const Cause& cause) {
  auto map = std::make_shared<Map>();
  const auto put = [&map](const char* name, Value value) {
    return Outcome<void>(map->put(Value(name), std::move(value)));
  };
  TRY(put("_class", Value(cause.type)));
  TRY(put("shortDescription", Value(cause.description)));
  if (!cause.user.empty()) {
    TRY(put("userId", Value(cause.user)));
    TRY(put("userName", Value(cause.user)));
  }
  if (!cause.project.empty()) {
    TRY(put("upstreamBuild", Value(static_cast<std::int64_t>(cause.build))));
    TRY(put("upstreamProject", Value(cause.project)));
  }
  return Value(std::move(map));
}

/// All, or those of a class: by its full name, or without its package.
Outcome<Value> causes(const std::string& type, Context& context) {
  std::vector<Value> all;
  for (const auto& cause : context.run.facts.causes)
    if (type.empty() || cause.type == type || cause.simple_name() == type)
      all.push_back(TRY(cause_value(cause)));
  return Value::list(std::move(all));
}

/// Whose runs called this one, the nearest first.
Value upstream_builds(const Context& context) {
  std::vector<Value> all;
  for (const auto& cause : context.run.facts.causes) {
    if (cause.project.empty()) continue;
    const auto number = static_cast<std::int64_t>(cause.build);
    all.push_back(
        read_only("org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper",
                  fmt::format("{} #{}", cause.project, number),
                  {{"number", Value(number)},
                   {"id", Value(std::to_string(number))},
                   {"displayName", Value("#" + std::to_string(number))},
                   {"fullDisplayName", Value(fmt::format("{} #{}", cause.project, number))},
                   {"projectName", Value(cause.project)},
                   {"fullProjectName", Value(cause.project)}}));
  }
  return Value::list(std::move(all));
}

class CurrentBuild final : public Object {
 public:
  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper";
  }

  Outcome<Value> get(const std::string& name, Context& context) override {
    if (auto value = TRY(standing(name, context))) return std::move(*value);
    if (auto value = TRY(identity(name, context))) return std::move(*value);
    if (name == "buildVariables") return variables(context);
    if (name == "changeSets") return change_sets(context);
    if (name == "buildCauses") return causes("", context);
    if (name == "upstreamBuilds") return upstream_builds(context);
    const auto number = parse_integer(base_variable(context, "BUILD_NUMBER")).value_or(0);
    if (auto value = TRY(
            previous_build(name, context.run.facts.job, static_cast<unsigned>(number), context)))
      return std::move(*value);
    if (const auto hint = instead_of(name))
      return raise("java.lang.UnsupportedOperationException", "currentBuild.{}: {}", name, *hint);
    return unknown(name);
  }

  Outcome<void> set(const std::string& name, const Value& value, Context& context) override {
    const auto text = TRY(context.run.interpreter.text(value, context));
    if (name == "result") {
      if (!value.is_null()) context.run.state.worsen(result_of_word(text));
      return {};
    }
    if (name == "description" || name == "displayName") {
      context.run.state.set_note(name, value.is_null() ? "" : text);
      return {};
    }
    if (name == "keepLog") {
      context.run.state.set_note(name, TRY(truth_of(value)) ? "true" : "false");
      return {};
    }
    return raise("groovy.lang.ReadOnlyPropertyException",
                 "currentBuild.{} cannot be set; result, description, displayName and keepLog can",
                 name);
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    const auto current = context.result().value_or(model::Verdict::success);
    if (auto value = TRY(compare_result(current, name, arguments, context)))
      return std::move(*value);
    if (name == "getBuildCauses" && arguments.size() == 1)
      return causes(TRY(class_name(arguments[0], context)), context);
    const auto read = arguments.empty() ? property_of_getter(name) : std::string();
    if (!read.empty() && read != "class") return get(read, context);
    const auto written = arguments.size() == 1 ? property_of_setter(name) : std::string();
    if (!written.empty()) {
      TRY(set(written, arguments[0], context));
      return Value();
    }
    return Object::call(name, arguments, context);
  }

 private:
  /// getBuildCauses('hudson.model.Cause$UserIdCause'), or the class itself.
  static Outcome<std::string> class_name(const Value& value, Context& context) {
    if (const auto* type = dynamic_cast<const ClassObject*>(value.object_here()))
      return type->name();
    return context.run.interpreter.text(value, context);
  }

  static Outcome<std::optional<Value>> standing(const std::string& name, Context& context) {
    auto& state = context.run.state;
    if (name == "result") {
      const auto result = context.result();
      return std::optional<Value>(result ? Value(model::name(*result)) : Value());
    }
    if (name == "currentResult")
      return std::optional<Value>(
          Value(model::name(context.result().value_or(model::Verdict::success))));
    if (name == "description") {
      const auto text = state.note(name);
      return std::optional<Value>(text && !text->empty() ? Value(*text) : Value());
    }
    if (name == "keepLog") return std::optional<Value>(Value(state.note(name) == "true"));
    if (name == "timeInMillis" || name == "startTimeInMillis")
      return std::optional<Value>(long_of(context.run.facts.started));
    if (name == "duration") return std::optional<Value>(long_of(TRY(age(context))));
    if (name == "durationString")
      return std::optional<Value>(Value(span_text(TRY(age(context))) + " and counting"));
    return std::optional<Value>();
  }

  static Outcome<std::optional<Value>> identity(const std::string& name, Context& context) {
    const auto number = base_variable(context, "BUILD_NUMBER");
    const auto job = base_variable(context, "JOB_NAME");
    const auto noted = context.run.state.note("displayName");
    const auto display = noted && !noted->empty() ? *noted : "#" + number;
    const auto some = [](Value value) { return std::optional<Value>(std::move(value)); };
    if (name == "number") return some(Value(parse_integer(number).value_or(0)));
    if (name == "id") return some(Value(number));
    if (name == "displayName") return some(Value(display));
    if (name == "fullDisplayName") return some(Value(job + " " + display));
    if (name == "projectName") return some(Value(job.substr(job.rfind('/') + 1)));
    if (name == "fullProjectName") return some(Value(job));
    if (name == "absoluteUrl") return some(Value(base_variable(context, "BUILD_URL")));
    return std::optional<Value>();
  }

  tl::unexpected<Signal> unknown(const std::string& name) const {
    static const std::vector<std::string> known = {
        "absoluteUrl",     "buildCauses", "buildVariables",    "changeSets",     "currentResult",
        "description",     "displayName", "duration",          "durationString", "fullDisplayName",
        "fullProjectName", "id",          "keepLog",           "number",         "previousBuild",
        "projectName",     "result",      "startTimeInMillis", "timeInMillis",   "upstreamBuilds"};
    const auto close = nearest(name, known);
    return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}{}",
                 name, type_name(), close ? "; did you mean '" + *close + "'?" : "");
  }
};

}  // namespace

std::shared_ptr<Object> make_current_build() { return std::make_shared<CurrentBuild>(); }

}  // namespace cupel::pipeline
