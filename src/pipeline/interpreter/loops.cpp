// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/view.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

/// Whether a jump is for the loop with this label, or for the innermost one.
bool is_for(const std::string& target, const std::string* label) {
  return target.empty() || (label && target == *label);
}

}  // namespace

Outcome<bool> Interpreter::loop_body(const syntax::StatementPtr& body, Frame& frame,
                                     const std::string* label) {
  TRY(count(frame.context));
  if (!body) return true;
  auto done = execute(*body, frame);
  if (done) return true;
  if (const auto* left = std::get_if<Break>(&done.error().kind());
      left && is_for(left->label, label))
    return false;
  if (const auto* next = std::get_if<Continue>(&done.error().kind());
      next && is_for(next->label, label))
    return true;
  return tl::unexpected(std::move(done.error()));
}

Outcome<void> Interpreter::exec(const syntax::Labeled& statement, Frame& frame) {
  Frame inner = frame;
  inner.label = &statement.label.text;
  auto done = execute(*statement.statement, inner);
  // break LABEL leaves any statement.
  if (!done)
    if (const auto* left = std::get_if<Break>(&done.error().kind());
        left && left->label == statement.label.text)
      return {};
  return done;
}

Outcome<void> Interpreter::exec(const syntax::While& statement, Frame& frame) {
  const auto* label = std::exchange(frame.label, nullptr);
  while (TRY(truth_of(TRY(evaluate(*statement.condition, frame)))))
    if (!TRY(loop_body(statement.body, frame, label))) break;
  return {};
}

Outcome<void> Interpreter::exec(const syntax::DoWhile& statement, Frame& frame) {
  const auto* label = std::exchange(frame.label, nullptr);
  do {
    if (!TRY(loop_body(statement.body, frame, label))) break;
  } while (TRY(truth_of(TRY(evaluate(*statement.condition, frame)))));
  return {};
}

Outcome<void> Interpreter::exec(const syntax::For& statement, Frame& frame) {
  const auto* label = std::exchange(frame.label, nullptr);
  Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
  for (const auto& initial : statement.initial) TRY(execute(*initial, inner));
  while (!statement.condition || TRY(truth_of(TRY(evaluate(*statement.condition, inner))))) {
    if (!TRY(loop_body(statement.body, inner, label))) break;
    for (const auto& update : statement.updates) TRY(evaluate(*update, inner));
  }
  return {};
}

Outcome<void> Interpreter::exec(const syntax::ForIn& statement, Frame& frame) {
  const auto* label = std::exchange(frame.label, nullptr);
  const auto values = TRY(evaluate(*statement.values, frame));
  const auto& variable = statement.variable;
  const auto run_once = [&](Value value) -> Outcome<bool> {
    Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
    value = TRY(coerce(variable.type, std::move(value), *frame.home, frame.context));
    inner.scope->declare(variable.name.text, std::move(value), kept_type(variable.type));
    return loop_body(statement.body, inner, label);
  };
  // A range may be long, and need not be in memory.
  if (const auto* range = values.as_range()) {
    const auto held = *range;
    for (std::int64_t i = 0; i < held.size(); ++i)
      if (!TRY(run_once(held.value_at(i)))) break;
    return {};
  }
  for (auto& value : TRY(elements_of(values)))
    if (!TRY(run_once(std::move(value)))) break;
  return {};
}

Outcome<void> Interpreter::exec(const syntax::Switch& statement, Frame& frame) {
  TRY(switched(statement, frame, Wants::nothing));
  return {};
}

Outcome<Value> Interpreter::switched(const syntax::Switch& statement, Frame& frame, Wants wants) {
  const auto* label = std::exchange(frame.label, nullptr);
  const auto subject = TRY(evaluate(*statement.subject, frame));
  auto from = statement.cases.size();
  auto otherwise = from;
  for (std::size_t i = 0; i < statement.cases.size() && from == statement.cases.size(); ++i) {
    const auto& one = statement.cases[i];
    if (!one.value)
      otherwise = i;
    else if (TRY(is_case(TRY(evaluate(*one.value, frame)), subject, frame.context)))
      from = i;
  }
  if (from == statement.cases.size()) from = otherwise;
  Frame inner{inner_scope(frame.scope), frame.context, frame.home, frame.closure};
  Value last;
  for (auto i = from; i < statement.cases.size(); ++i) {
    const auto& statements = statement.cases[i].statements;
    for (std::size_t k = 0; k < statements.size(); ++k) {
      // The value of a case is that of its last statement before a break.
      const bool ends = k + 1 == statements.size() || statements[k + 1]->as<syntax::Break>();
      Outcome<Value> done = Value();
      if (wants == Wants::value && ends && !statements[k]->as<syntax::Break>()) {
        done = last_value(*statements[k], inner);
      } else if (auto executed = execute(*statements[k], inner); !executed) {
        done = tl::unexpected(std::move(executed.error()));
      } else {
        continue;
      }
      if (done) {
        last = std::move(*done);
        continue;
      }
      const auto* left = std::get_if<Break>(&done.error().kind());
      if (left && is_for(left->label, label)) return last;
      return done;
    }
  }
  return last;
}

/// `case candidate:` for the subject of a switch; also `subject in candidate`.
Outcome<bool> Interpreter::is_case(const Value& candidate, const Value& subject, Context& context) {
  if (candidate.is_null()) return subject.is_null();
  if (candidate.closure_here()) return truth_of(TRY(call(candidate, {subject}, context)));
  if (const auto* range = candidate.as_range()) {
    if (range->empty || subject.is_null()) return false;
    if (subject.is_number() &&
        (range->kind == Range::Kind::integer || range->kind == Range::Kind::long_)) {
      const auto low = Value(std::min(range->from, range->to));
      const auto high = Value(std::max(range->from, range->to));
      // Only whole numbers are in a range of them.
      return TRY(compare_values(subject, low)) >= 0 && TRY(compare_values(subject, high)) <= 0 &&
             (subject.as_whole() ||
              TRY(compare_values(subject, TRY(cast(subject, "long", context)))) == 0);
    }
  }
  if (const auto* set = candidate.set_here()) {
    TRY(refresh(candidate));
    return set->contains(subject);
  }
  if (const auto* map = candidate.map_here()) return map->find(subject) != nullptr;
  if (candidate.is_sequence()) {
    // As contains() of a list: by equals(), to which "${x}" is no String. Ranges compare.
    for (const auto& item : TRY(elements_of(candidate)))
      if (candidate.list_here() ? TRY(Outcome<bool>(same_key(subject, item)))
                                : TRY(equal_values(item, subject)))
        return true;
    return false;
  }
  if (const auto* type = dynamic_cast<const ClassObject*>(candidate.object_here())) {
    if (dynamic_cast<const ClassObject*>(subject.object_here()) &&
        TRY(equal_values(candidate, subject)))
      return true;
    const auto named = find_full_class(type->name(), context);
    return named && is_instance_of(subject, *named);
  }
  if (candidate.is_text()) {
    // 'ab' in 'abc' is no part, but equality, as in Groovy.
    return !subject.is_null() && TRY(text(candidate, context)) == TRY(text(subject, context));
  }
  if (const auto object = candidate.as_object()) {
    if (object->type_name() == "java.util.regex.Pattern") {
      if (subject.is_null()) return false;
      return truth_of(TRY(match(syntax::BinaryOperator::match, subject, candidate, context)));
    }
    if (auto* state = object->instance(); state && state->type.has_method("isCase"))
      return truth_of(TRY(invoke(candidate, "isCase", {subject}, context)));
    if (auto* state = object->instance(); state && state->type.has_method("contains"))
      return truth_of(TRY(invoke(candidate, "contains", {subject}, context)));
  }
  return equal_values(candidate, subject);
}

}  // namespace cupel::pipeline
