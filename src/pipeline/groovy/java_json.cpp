// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/json_text.hpp"
#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/string_builder.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

/// With the lazy parts of GStrings made text, and objects that have a plain form in that form.
Outcome<Value> settled(const Value& value, int depth) {
  if (depth > 190) return refuse("the value is nested too deep for JSON");
  if (value.as_gstring() || value.as_character()) return Value(TRY(text_of(value)));
  if (value.list_here() || value.set_here()) {
    auto items = TRY(elements_of(value));
    for (auto& item : items) item = TRY(settled(item, depth + 1));
    return Value::list(std::move(items));
  }
  if (const auto map = value.as_map()) {
    auto copy = std::make_shared<Map>();
    for (const auto& [key, held] : map->entries())
      TRY(Outcome<void>(copy->put(key.is_null() ? key : Value(TRY(text_of(key))),
                                  TRY(settled(held, depth + 1)))));
    return Value(std::move(copy));
  }
  if (const auto object = value.as_object())
    if (auto plain = object->plain()) return settled(*plain, depth + 1);
  return value;
}

Outcome<std::string> json_of(const Value& value, JsonStyle style) {
  const auto plain = TRY(settled(value, 0));
  auto text = write_json(plain, style);
  if (text) return std::move(*text);
  const auto& message = text.error().message();
  return raise(message.starts_with("Maps with null") ? "java.lang.IllegalArgumentException"
                                                     : "groovy.json.JsonException",
               "{}", text.error().text());
}

Outcome<Value> parsed(Evaluator& evaluator, const std::string& text) {
  if (text.empty())
    return raise("java.lang.IllegalArgumentException", "Text must not be null or empty");
  TRY(evaluator.charge(text.size() * 4));
  auto value = parse_json(text);
  if (!value) return raise("groovy.json.JsonException", "{}", value.error().text());
  return std::move(*value);
}

/// JsonSlurper and JsonSlurperClassic.
class SlurperObject final : public Object {
 public:
  SlurperObject(std::string type, Evaluator& evaluator)
      : type_(std::move(type)), evaluator_(evaluator) {}
  std::string type_name() const override { return type_; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if ((name == "parseText" || name == "parse") && arguments.size() == 1)
      return parsed(evaluator_,
                    arguments[0].is_null() ? "" : TRY(evaluator_.text(arguments[0], context)));
    if (name == "setType" && arguments.size() == 1) return Value(shared_from_this_value());
    return Object::call(name, arguments, context);
  }

 private:
  Value shared_from_this_value() {
    return Value(std::shared_ptr<Object>(std::make_shared<SlurperObject>(type_, evaluator_)));
  }
  std::string type_;
  Evaluator& evaluator_;
};

template <const char* Name>
Outcome<Value> new_slurper(StaticCall& call) {
  return Value(
      std::shared_ptr<Object>(std::make_shared<SlurperObject>(std::string(Name), call.evaluator)));
}
constexpr char slurper[] = "groovy.json.JsonSlurper", classic[] = "groovy.json.JsonSlurperClassic";

Outcome<Value> to_json(StaticCall& call) {
  auto text = TRY(json_of(call.arguments[0], JsonStyle::compact));
  TRY(call.evaluator.charge(text.size()));
  return Value(std::move(text));
}

Outcome<Value> pretty_print(StaticCall& call) {
  const auto value = TRY(parsed(call.evaluator, TRY(call.text(0))));
  auto text = TRY(json_of(value, JsonStyle::pretty));
  TRY(call.evaluator.charge(text.size()));
  return Value(std::move(text));
}

/// JsonBuilder: what it was made of, or what was called on it: builder(a: 1), builder.name { }.
class BuilderObject final : public Object {
 public:
  BuilderObject(Value content, Evaluator& evaluator)
      : content_(std::move(content)), evaluator_(evaluator) {}
  std::string type_name() const override { return "groovy.json.JsonBuilder"; }
  Outcome<std::string> to_string() override { return json_of(content_, JsonStyle::compact); }
  /// builder(a: 1): it can be called as a closure can.
  const Method* method(std::string_view name) const override {
    static constexpr Method called{
        0, any_number,
        [](MethodCall& c) { return c.self.object_here()->call("call", c.arguments, c.context); }};
    return name == "call" ? &called : nullptr;
  }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "content") return content_;
    return Object::get(name, context);
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (arguments.empty() && name == "toString") return Value(TRY(to_string()));
    if (arguments.empty() && name == "toPrettyString")
      return Value(TRY(json_of(content_, JsonStyle::pretty)));
    if (arguments.empty() && name == "getContent") return content_;
    if (name == "writeTo" && arguments.size() == 1) {
      TRY(evaluator_.invoke(arguments[0], "append", {Value(TRY(to_string()))}, context));
      return arguments[0];
    }
    auto made = TRY(content_of(arguments, context));
    if (name != "call") {
      auto map = std::make_shared<Map>();
      TRY(Outcome<void>(map->put(Value(name), std::move(made))));
      made = Value(std::move(map));
    }
    content_ = made;
    return made;
  }

 private:
  Outcome<Value> content_of(const std::vector<Value>& arguments, Context& context);
  Outcome<Value> of_closure(const Value& code, const std::vector<Value>& values, Context& context);

  Value content_;
  Evaluator& evaluator_;
};

/// Inside { }: name value, name { }, which become members.
class MembersObject final : public Object {
 public:
  explicit MembersObject(Evaluator& evaluator)
      : map(std::make_shared<Map>()), evaluator_(evaluator) {}
  std::string type_name() const override { return "groovy.json.JsonDelegate"; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    Value value = arguments.size() == 1 ? arguments[0] : Value::list(arguments);
    if (arguments.size() == 1 && value.closure_here()) {
      BuilderObject inner(Value(), evaluator_);
      value = TRY(inner.call("call", arguments, context));
    } else if (arguments.size() == 2 && arguments[1].closure_here()) {
      BuilderObject inner(Value(), evaluator_);
      value = TRY(inner.call("call", arguments, context));
    }
    TRY(Outcome<void>(map->put(Value(name), std::move(value))));
    return Value(map);
  }
  const std::shared_ptr<Map> map;  // shared: the content that is made

 private:
  Evaluator& evaluator_;
};

Outcome<Value> BuilderObject::of_closure(const Value& code, const std::vector<Value>& values,
                                         Context& context) {
  const auto members = std::make_shared<MembersObject>(evaluator_);
  auto closure = std::make_shared<Closure>(*code.as_closure());
  closure->delegate = Value(std::shared_ptr<Object>(members));
  closure->strategy = Resolve::delegate_first;
  const auto result = TRY(evaluator_.call(*closure, values, context));
  return members->map->empty() && !result.is_null() ? result : Value(members->map);
}

Outcome<Value> BuilderObject::content_of(const std::vector<Value>& arguments, Context& context) {
  if (arguments.empty()) return Value(std::make_shared<Map>());
  if (arguments.size() == 1 && arguments[0].closure_here())
    return of_closure(arguments[0], {}, context);
  if (arguments.size() == 2 && arguments[1].closure_here()) {
    std::vector<Value> made;
    for (const auto& item : TRY(elements_of(arguments[0])))
      made.push_back(TRY(of_closure(arguments[1], {item}, context)));
    return Value::list(std::move(made));
  }
  return arguments.size() == 1 ? arguments[0] : Value::list(arguments);
}

Outcome<Value> new_builder(StaticCall& call) {
  return Value(std::shared_ptr<Object>(std::make_shared<BuilderObject>(
      call.count() == 1 ? call.arguments[0] : Value(), call.evaluator)));
}

}  // namespace

std::span<const JavaClass> json_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "groovy.json.JsonSlurper", .construct = {0, 0, new_slurper<slurper>}},
      {.name = "groovy.json.JsonSlurperClassic", .construct = {0, 0, new_slurper<classic>}},
      {.name = "groovy.json.JsonOutput",
       .methods = {{"toJson", {1, 1, to_json}}, {"prettyPrint", {1, 1, pretty_print}}}},
      {.name = "groovy.json.JsonBuilder", .construct = {0, 1, new_builder}},
      {.name = "groovy.json.JsonParserType",
       .properties = {{"LAX",
                       [](StaticCall&) -> Outcome<Value> {
                         return refuse(
                             "JsonParserType.LAX is not supported: the JSON must be right");
                       }},
                      {"CHAR_BUFFER",
                       [](StaticCall&) -> Outcome<Value> { return Value("CHAR_BUFFER"); }},
                      {"INDEX_OVERLAY",
                       [](StaticCall&) -> Outcome<Value> { return Value("INDEX_OVERLAY"); }}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
