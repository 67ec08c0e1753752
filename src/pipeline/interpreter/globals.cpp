// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/globals.hpp"

#include "base/text.hpp"
#include "pipeline/interpreter/environment.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

class EnvObject final : public Object {
 public:
  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.cps.EnvActionImpl";
  }

  Outcome<Value> get(const std::string& name, Context& context) override {
    if (context.lazy) {
      auto value = TRY(context.lazy->find(name, context));
      if (value) return std::move(*value);
    }
    auto value = context.variable(name);
    return value ? Value(std::move(*value)) : Value();
  }

  Outcome<void> set(const std::string& name, const Value& value, Context& context) override {
    context.run.state.set_global(name, TRY(context.run.interpreter.text(value, context)));
    return {};
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "getProperty" && arguments.size() == 1)
      return get(TRY(context.run.interpreter.text(arguments[0], context)), context);
    if (name == "getEnvironment" && arguments.empty()) {
      auto map = std::make_shared<Map>();
      for (const auto& [key, value] : context.variables())
        TRY(Outcome<void>(map->put(Value(key), Value(value))));
      return Value(std::move(map));
    }
    return Object::call(name, arguments, context);
  }
};

class ParamsObject final : public Object {
 public:
  explicit ParamsObject(std::vector<std::pair<std::string, Value>> values)
      : values_(std::move(values)) {}

  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.cps.ParamsVariable";
  }

  std::string text() const override {
    auto map = std::make_shared<Map>();
    for (const auto& [name, value] : values_)
      if (!map->put(Value(name), value)) return "[:]";
    return to_text(Value(std::move(map))).value_or("[:]");
  }

  Outcome<Value> get(const std::string& name, Context&) override {
    for (const auto& [known, value] : values_)
      if (known == name) return value;
    return Value();
  }

  Outcome<void> set(const std::string& name, const Value&, Context&) override {
    return raise("java.lang.UnsupportedOperationException", "params.{} cannot be changed", name);
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if ((name == "get" || name == "containsKey") && arguments.size() == 1) {
      auto value = TRY(get(TRY(context.run.interpreter.text(arguments[0], context)), context));
      return name == "get" ? value : Value(!value.is_null());
    }
    return Object::call(name, arguments, context);
  }

 private:
  std::vector<std::pair<std::string, Value>> values_;
};

class PreviousBuild final : public Object {
 public:
  explicit PreviousBuild(model::Verdict verdict) : verdict_(verdict) {}
  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper";
  }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "result" || name == "currentResult") return Value(model::name(verdict_));
    return Object::get(name, context);
  }

 private:
  model::Verdict verdict_;
};

Outcome<model::Verdict> verdict_of(const std::string& text) {
  using model::Verdict;
  for (const auto verdict : {Verdict::success, Verdict::unstable, Verdict::failure,
                             Verdict::not_built, Verdict::aborted})
    if (model::name(verdict) == text) return verdict;
  return raise("java.lang.IllegalArgumentException",
               "'{}' is no result; there are SUCCESS, UNSTABLE, FAILURE, NOT_BUILT, ABORTED", text);
}

class CurrentBuild final : public Object {
 public:
  explicit CurrentBuild(std::optional<model::Verdict> previous) : previous_(previous) {}

  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper";
  }

  Outcome<Value> get(const std::string& name, Context& context) override {
    auto& state = context.run.state;
    if (name == "result") {
      const auto result = context.result();
      return result ? Value(model::name(*result)) : Value();
    }
    if (name == "currentResult")
      return Value(model::name(context.result().value_or(model::Verdict::success)));
    if (name == "number" || name == "id") {
      const auto number = context.run.base.find("BUILD_NUMBER");
      if (number == context.run.base.end()) return Value();
      const auto value = parse_integer(number->second);
      return name == "id" || !value ? Value(number->second) : Value(*value);
    }
    if (name == "description" || name == "displayName") {
      auto text = state.note(name);
      if (text) return Value(std::move(*text));
      const auto number = context.run.base.find("BUILD_NUMBER");
      if (name == "description" || number == context.run.base.end()) return Value();
      return Value("#" + number->second);
    }
    if (name == "previousBuild" || name == "previousCompletedBuild")
      return previous_ ? Value(std::shared_ptr<Object>(std::make_shared<PreviousBuild>(*previous_)))
                       : Value();
    if (name == "projectName" || name == "fullProjectName") {
      const auto job = context.run.base.find("JOB_NAME");
      return job == context.run.base.end() ? Value() : Value(job->second);
    }
    return refuse("currentBuild.{} is not supported yet", name);
  }

  Outcome<void> set(const std::string& name, const Value& value, Context& context) override {
    const auto text = TRY(context.run.interpreter.text(value, context));
    if (name == "result") {
      context.run.state.worsen(TRY(verdict_of(text)));
      return {};
    }
    if (name == "description" || name == "displayName") {
      context.run.state.set_note(name, text);
      return {};
    }
    return refuse("currentBuild.{} cannot be set", name);
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (arguments.empty() && name.starts_with("get") && name.size() > 3) {
      auto property = name.substr(3);
      property[0] = static_cast<char>(property[0] - 'A' + 'a');
      return get(property, context);
    }
    const auto current = context.result().value_or(model::Verdict::success);
    if (arguments.size() == 1 &&
        (name == "resultIsBetterOrEqualTo" || name == "resultIsWorseOrEqualTo")) {
      const auto other = TRY(verdict_of(TRY(context.run.interpreter.text(arguments[0], context))));
      return Value(name == "resultIsBetterOrEqualTo" ? current <= other : current >= other);
    }
    return Object::call(name, arguments, context);
  }

 private:
  std::optional<model::Verdict> previous_;
};

}  // namespace

std::shared_ptr<Object> make_env() { return std::make_shared<EnvObject>(); }

std::shared_ptr<Object> make_params(std::vector<std::pair<std::string, Value>> values) {
  return std::make_shared<ParamsObject>(std::move(values));
}

std::shared_ptr<Object> make_current_build(std::optional<model::Verdict> previous) {
  return std::make_shared<CurrentBuild>(previous);
}

}  // namespace cupel::pipeline
