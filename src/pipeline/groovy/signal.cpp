// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/signal.hpp"

#include <array>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

struct KnownClass {
  std::string_view name;  // without package
  std::string package;
  std::string_view parent;  // without package
};

// Java's hierarchy, as far as pipelines catch and throw it.
const std::vector<KnownClass>& known_classes() {
  static const std::vector<KnownClass> classes = {
      {"Throwable", "java.lang", ""},
      {"Exception", "java.lang", "Throwable"},
      {"Error", "java.lang", "Throwable"},
      {"RuntimeException", "java.lang", "Exception"},
      {"IllegalArgumentException", "java.lang", "RuntimeException"},
      {"NumberFormatException", "java.lang", "IllegalArgumentException"},
      {"IllegalStateException", "java.lang", "RuntimeException"},
      {"UnsupportedOperationException", "java.lang", "RuntimeException"},
      {"NullPointerException", "java.lang", "RuntimeException"},
      {"ArithmeticException", "java.lang", "RuntimeException"},
      {"IndexOutOfBoundsException", "java.lang", "RuntimeException"},
      {"StringIndexOutOfBoundsException", "java.lang", "IndexOutOfBoundsException"},
      {"NoSuchElementException", "java.util", "RuntimeException"},
      {"ClassCastException", "java.lang", "RuntimeException"},
      {"GroovyCastException", "org.codehaus.groovy.runtime.typehandling", "ClassCastException"},
      {"GroovyRuntimeException", "groovy.lang", "RuntimeException"},
      {"MissingPropertyException", "groovy.lang", "GroovyRuntimeException"},
      {"MissingMethodException", "groovy.lang", "GroovyRuntimeException"},
      {"AssertionError", "java.lang", "Error"},
      {"NoSuchMethodError", "java.lang", "Error"},
      {"InterruptedException", "java.lang", "Exception"},
      {"IOException", "java.io", "Exception"},
      {"FileNotFoundException", "java.io", "IOException"},
      {"NoSuchFileException", "java.nio.file", "IOException"},
      {"AbortException", "hudson", "IOException"},
      {"FlowInterruptedException", "org.jenkinsci.plugins.workflow.steps", "InterruptedException"},
      {"TimeoutException", "java.util.concurrent", "Exception"},
  };
  return classes;
}

std::string_view simple(std::string_view name) { return name.substr(name.rfind('.') + 1); }

const KnownClass* find_class(std::string_view name) {
  for (const auto& known : known_classes())
    if (known.name == simple(name) &&
        (known.name == name || known.package + "." + std::string(known.name) == name))
      return &known;
  return nullptr;
}

}  // namespace

const std::string* known_exception(std::string_view name) {
  static const auto full_names = [] {
    std::unordered_map<std::string_view, std::string> names;
    for (const auto& known : known_classes())
      names.emplace(known.name, known.package + "." + std::string(known.name));
    return names;
  }();
  if (!find_class(name)) return nullptr;
  const auto found = full_names.find(simple(name));
  return found == full_names.end() ? nullptr : &found->second;
}

bool Exception::is_a(std::string_view type) const {
  if (type == class_name_ || type == simple(class_name_)) return true;
  const auto* wanted = find_class(type);
  if (!wanted) return false;
  for (const auto* own = find_class(class_name_); own; own = find_class(own->parent))
    if (own == wanted) return true;
  return false;
}

std::string Exception::text() const {
  return message_.empty() ? class_name_ : class_name_ + ": " + message_;
}

Outcome<Value> Exception::get(const std::string& name, Context& context) {
  if (name == "message" || name == "localizedMessage")
    return message_.empty() ? Value() : Value(message_);
  if (name == "cause") return cause ? *cause : Value();
  if (name == "result" && interruption) return Value(model::name(*interruption));
  return Object::get(name, context);
}

Outcome<Value> Exception::call(const std::string& name, std::vector<Value>& arguments,
                               Context& context) {
  if (arguments.empty()) {
    if (name == "getMessage" || name == "getLocalizedMessage") return get("message", context);
    if (name == "getCause") return get("cause", context);
    if (name == "getResult" && interruption) return get("result", context);
    if (name == "printStackTrace") return Value();
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

Outcome<Value> Object::call(const std::string& name, std::vector<Value>&, Context&) {
  return refuse("the method {}() of {} is not supported", name, type_name());
}

std::string MapEntry::text() const {
  const auto key = to_text(key_);
  const auto value = to_text(value_);
  return (key ? *key : "?") + "=" + (value ? *value : "?");
}

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

void Signal::place(const syntax::Span& span) {
  if (const auto thrown = exception(); thrown && !thrown->where) thrown->where = span;
}

tl::unexpected<Signal> interrupt(std::string message, model::Verdict verdict) {
  auto exception = std::make_shared<Exception>(
      "org.jenkinsci.plugins.workflow.steps.FlowInterruptedException", std::move(message));
  exception->interruption = verdict;
  exception->actual = true;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace cupel::pipeline
