// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/signal.hpp"

#include <unordered_map>

#include "base/text.hpp"
#include "pipeline/groovy/interruption_cause.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/known_types.hpp"
#include "pipeline/groovy/map_entry.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

std::string_view simple(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// By the name without its package, which no two have in common.
const std::unordered_map<std::string_view, std::string>& exceptions() {
  static const auto table = [] {
    std::unordered_map<std::string_view, std::string> names;
    for (const auto& type : known_types())
      if (type.kind == KnownType::Kind::exception)
        names.emplace(simple(type.name), std::string(type.name));
    return names;
  }();
  return table;
}

}  // namespace

const std::string* known_exception(std::string_view name) {
  const auto found = exceptions().find(simple(name));
  if (found == exceptions().end() || (found->second != name && found->first != name))
    return nullptr;
  return &found->second;
}

bool Exception::is_a(std::string_view type) const {
  const auto* known = known_exception(type);
  const auto wanted = known ? std::string_view(*known) : type;
  if (type == class_name_ || is_subclass(class_name_, wanted)) return true;
  // Of a class that only its thrower knows, a plugin's: an exception in any case.
  return !find_known_type(class_name_) && !find_java_class(class_name_) &&
         (wanted == "java.lang.Exception" || wanted == "java.lang.Throwable");
}

std::string Exception::text() const {
  return message_.empty() ? class_name_ : class_name_ + ": " + message_;
}

Outcome<std::string> Exception::to_string() { return text(); }

Outcome<Value> Exception::get(const std::string& name, Context& context) {
  if (name == "message" || name == "localizedMessage")
    return has_message_ && !message_.empty() ? Value(message_) : Value();
  if (name == "cause") return cause ? *cause : Value();
  if (name == "stackTrace") return Value::array({}, "java.lang.StackTraceElement");
  if (name == "suppressed") return Value::array(suppressed, "java.lang.Throwable");
  if (name == "causes")
    return Value::list(interruption ? std::vector<Value>{InterruptionCause::from(message_)}
                                    : std::vector<Value>());
  if (name == "result" && interruption) return Value(model::name(*interruption));
  return Object::get(name, context);
}

Outcome<Value> Exception::call(const std::string& name, std::vector<Value>& arguments,
                               Context& context) {
  if (arguments.empty()) {
    if (name == "getMessage" || name == "getLocalizedMessage") return get("message", context);
    if (name == "getCause") return get("cause", context);
    if (name == "getStackTrace") return get("stackTrace", context);
    if (name == "getSuppressed") return get("suppressed", context);
    if (name == "getCauses") return get("causes", context);
    if (name == "getResult" && interruption) return get("result", context);
    if (name == "fillInStackTrace") return Value();
  }
  if (name == "printStackTrace") return Value();
  if (name == "addSuppressed" && arguments.size() == 1) {
    suppressed.push_back(arguments[0]);
    return Value();
  }
  if (name == "initCause" && arguments.size() == 1) {
    cause = std::make_shared<Value>(arguments[0]);
    return Value();
  }
  return Object::call(name, arguments, context);
}

Outcome<Value> Object::get(const std::string& name, Context&) {
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               type_name());
}

Outcome<void> Object::set(const std::string& name, const Value&, Context&) {
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               type_name());
}

Outcome<Value> Object::call(const std::string& name, std::vector<Value>& arguments, Context&) {
  return missing_method(type_name(), name, arguments);
}

tl::unexpected<Signal> missing_method(const std::string& type, const std::string& name,
                                      const std::vector<Value>& values) {
  std::string types, texts;
  for (const auto& value : values) {
    if (!types.empty()) {
      types += ", ";
      texts += ", ";
    }
    types += value.type_name();
    const auto text = to_text(value);
    texts += text && text->size() < 200 ? *text : "...";
  }
  return raise("groovy.lang.MissingMethodException",
               "No signature of method: {}.{}() is applicable for argument types: ({}) values: "
               "[{}]",
               type, name, types, texts);
}

Outcome<std::string> Object::to_string() { return text(); }

Outcome<bool> Object::equals(const Value& other) { return other.object_here() == this; }

/// The same in each run of the same pipeline, which an address is not.
Outcome<std::int32_t> Object::hash() { return hash_of(Value(type_name())); }

Outcome<bool> Object::truth() { return true; }

Outcome<std::optional<int>> Object::compare(const Value&) { return std::optional<int>(); }

Outcome<std::vector<Value>> Object::items() {
  return refuse("{} cannot be iterated over", type_name());
}

Outcome<Value> Object::at(const Value& key, Context& context) {
  return get(TRY(text_of(key)), context);
}

Outcome<void> Object::put_at(const Value& key, const Value& value, Context& context) {
  return set(TRY(text_of(key)), value, context);
}

bool Object::is_a(std::string_view type) const { return is_subclass(type_name(), type); }

std::string MapEntry::text() const {
  const auto key = to_text(key_);
  const auto value = to_text(value_);
  return (key ? *key : "?") + "=" + (value ? *value : "?");
}

Outcome<std::string> MapEntry::to_string() {
  return TRY(text_of(key_)) + "=" + TRY(text_of(value_));
}

Outcome<bool> MapEntry::equals(const Value& other) {
  const auto entry = as_entry(other);
  if (!entry) return false;
  return TRY(equal_values(key_, entry->first)) && TRY(equal_values(value_, entry->second));
}

Outcome<std::int32_t> MapEntry::hash() { return TRY(hash_of(key_)) ^ TRY(hash_of(value_)); }

Outcome<Value> MapEntry::get(const std::string& name, Context& context) {
  if (name == "key") return key_;
  if (name == "value") return value_;
  return Object::get(name, context);
}

Outcome<Value> MapEntry::call(const std::string& name, std::vector<Value>& arguments,
                              Context& context) {
  if (name == "getKey" && arguments.empty()) return key_;
  if (name == "getValue" && arguments.empty()) return value_;
  return Object::call(name, arguments, context);
}

Signal::Signal(Error error)
    : kind_(Throw{std::make_shared<Exception>("hudson.AbortException", error.text())}) {}

ExceptionPtr Signal::exception() const {
  if (const auto* thrown = std::get_if<Throw>(&kind_)) return thrown->exception;
  if (const auto* exhausted = std::get_if<Exhausted>(&kind_)) return exhausted->exception;
  return nullptr;
}

Error Signal::as_error() const {
  const auto thrown = exception();
  if (!thrown) return fail(Fault::internal, "a jump out of a value").value();
  return fail(Fault::invalid, "{}", thrown->message().empty() ? thrown->text() : thrown->message())
      .value();
}

void Signal::place(const syntax::Span& span, const syntax::Source* source) {
  const auto thrown = exception();
  if (!thrown || thrown->where) return;
  thrown->where = span;
  thrown->source = source;
}

tl::unexpected<Signal> interrupt(std::string message, model::Verdict verdict) {
  auto exception = std::make_shared<Exception>(
      "org.jenkinsci.plugins.workflow.steps.FlowInterruptedException", std::move(message));
  exception->interruption = verdict;
  exception->actual = true;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace cupel::pipeline
