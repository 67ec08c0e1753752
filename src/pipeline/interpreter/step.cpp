// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/step.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

const Value* Arguments::find(std::string_view name) const {
  for (const auto& [known, value] : values_)
    if (known == name && !value.is_null()) return &value;
  return nullptr;
}

Result<std::string> Arguments::text(std::string_view name) const {
  const auto* value = find(name);
  if (!value) return fail(Fault::invalid, "the argument '{}' is missing", name);
  if (value->as_list() || value->as_map() || value->as_closure())
    return fail(Fault::invalid, "the argument '{}' must be a string, not a {}", name,
                value->type_name());
  return to_text(*value);
}

Result<std::string> Arguments::text(std::string_view name, std::string_view otherwise) const {
  if (!has(name)) return std::string(otherwise);
  return text(name);
}

Result<std::int64_t> Arguments::integer(std::string_view name) const {
  const auto* value = find(name);
  if (!value) return fail(Fault::invalid, "the argument '{}' is missing", name);
  if (const auto* number = value->as_integer()) return *number;
  if (const auto* number = value->as_decimal(); number && number->scale == 0)
    return number->whole();
  if (const auto* text = value->as_text())
    if (const auto number = parse_integer(*text)) return *number;
  return fail(Fault::invalid, "the argument '{}' must be a whole number, not '{}'", name,
              TRY(to_text(*value)));
}

Result<bool> Arguments::flag(std::string_view name) const { return flag(name, false); }

Result<bool> Arguments::flag(std::string_view name, bool otherwise) const {
  const auto* value = find(name);
  if (!value) return otherwise;
  if (const auto* flag = value->as_flag()) return *flag;
  const auto text = TRY(to_text(*value));
  if (text == "true") return true;
  if (text == "false") return false;
  return fail(Fault::invalid, "the argument '{}' must be true or false, not '{}'", name, text);
}

Result<std::vector<std::string>> Arguments::texts(std::string_view name) const {
  const auto* value = find(name);
  if (!value) return fail(Fault::invalid, "the argument '{}' is missing", name);
  if (!value->as_list())
    return fail(Fault::invalid, "the argument '{}' must be a list, not a {}", name,
                value->type_name());
  std::vector<std::string> texts;
  for (const auto& item : value->as_list()->items) texts.push_back(TRY(to_text(item)));
  return texts;
}

Result<HeldNode*> StepContext::node() {
  if (context_.node) return context_.node.get();
  return fail(Fault::invalid,
              "Required context class hudson.FilePath is missing\nPerhaps you forgot to surround "
              "the step with a step that provides this, such as: node");
}

Result<std::string> StepContext::resolve(const std::string& path) {
  TRY(node());
  if (path.starts_with('/')) return os::fs::path(path).lexically_normal().string();
  return (os::fs::path(context_.directory) / path).lexically_normal().string();
}

Outcome<Value> StepContext::run_body(Context& inner, std::vector<Value> values) {
  using Edge = BlockEvent::Edge;
  auto& observer = context_.run.observer;
  observer.block(inner.path, {Edge::entered, ""});
  auto result = run_bare_body(inner, std::move(values));
  observer.block(inner.path, {Edge::left, ""});
  return result;
}

Outcome<Value> StepContext::run_bare_body(Context& inner, std::vector<Value> values) {
  if (native_) return native_(inner);
  CHECK(body_, "the step has no body");
  return call(*body_, std::move(values), inner);
}

Outcome<Value> StepContext::call(const Closure& closure, std::vector<Value> values,
                                 Context& inner) {
  auto& interpreter = context_.run.interpreter;
  const Interpreter::Turn turn(interpreter);
  return interpreter.call(closure, std::move(values), inner);
}

void StepContext::print(std::string_view text) {
  std::string lines(text);
  lines += '\n';
  output(place::Stream::out, lines);
}

void StepContext::output(place::Stream stream, std::string_view bytes) {
  for (auto* tap = context_.tap; tap; tap = tap->outer()) tap->take(stream, bytes);
  context_.run.observer.output(context_.path, stream, bytes);
}

void StepContext::worsen_stage(model::Verdict verdict) {
  if (context_.stage) context_.stage->worsen(verdict);
}

Signal StepContext::failure(Error error) const {
  if ((error.fault() == Fault::stopped || error.fault() == Fault::timeout) &&
      context_.stop.requested())
    return interrupt("", model::Verdict::aborted).value();
  Signal signal(std::move(error));
  if (!context_.node) return signal;
  const auto trouble = context_.node->lease().trouble();
  if (!trouble) return signal;
  auto exception = std::make_shared<Exception>("hudson.AbortException", trouble->text);
  exception->infrastructure = trouble->blame == Trouble::Blame::host;
  return Throw{std::move(exception)};
}

StepTable::StepTable(std::vector<std::unique_ptr<Step>> steps) : steps_(std::move(steps)) {
  std::sort(steps_.begin(), steps_.end(),
            [](const auto& a, const auto& b) { return a->signature().name < b->signature().name; });
  for (const auto& step : steps_) signatures_.push_back(step->signature());
}

const Step* StepTable::find(std::string_view name) const {
  const auto found = std::lower_bound(
      steps_.begin(), steps_.end(), name,
      [](const auto& step, auto wanted) { return step->signature().name < wanted; });
  return found != steps_.end() && (*found)->signature().name == name ? found->get() : nullptr;
}

}  // namespace cupel::pipeline
