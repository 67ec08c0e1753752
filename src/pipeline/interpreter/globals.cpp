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

}  // namespace

std::shared_ptr<Object> make_env() { return std::make_shared<EnvObject>(); }

}  // namespace cupel::pipeline
