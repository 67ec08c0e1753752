// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/proxy.hpp"

#include "pipeline/groovy/java_class.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

class Proxy final : public Object {
 public:
  Proxy(Evaluator& evaluator, std::string type, Value code, UserClass* own)
      : evaluator_(evaluator), type_(std::move(type)), code_(std::move(code)), own_(own) {}

  std::string type_name() const override { return type_; }
  bool is_a(std::string_view type) const override {
    return own_ ? own_->is_a(type) : is_subclass(type_, type);
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (const auto* map = code_.map_here()) {
      if (const auto* method = map->find(name)) {
        const auto callee = *method;
        return evaluator_.call(callee, arguments, context);
      }
    } else if (own_ ? declares(name) : !is_common(name)) {
      return evaluator_.call(code_, arguments, context);
    }
    if (own_) {
      auto value = TRY(context.run.interpreter.call_default(*own_, Value(shared_from_this()), name,
                                                            arguments, context));
      if (value) return std::move(*value);
    }
    return Object::call(name, arguments, context);
  }

 private:
  static bool is_common(const std::string& name) {
    return name == "toString" || name == "hashCode" || name == "equals" || name == "getClass" ||
           name == "with" || name == "is";
  }
  bool declares(const std::string& name) const {
    const auto found = own_->methods.find(name);
    return found != own_->methods.end() && !found->second.front().code->body;
  }

  Evaluator& evaluator_;
  std::string type_;
  Value code_;
  UserClass* own_;
};

}  // namespace

Value make_proxy(Evaluator& evaluator, std::string type, Value code, UserClass* own) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<Proxy>(evaluator, std::move(type), std::move(code), own)));
}

}  // namespace cupel::pipeline
