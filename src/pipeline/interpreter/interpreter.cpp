// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/interpreter.hpp"

#include <malloc.h>
#include <pthread.h>

#include <algorithm>

#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/timed.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::uint64_t operations_between_looks = 1024;
constexpr std::size_t bytes_between_looks = 16U << 20;
constexpr std::size_t large_charge = 100'000;
constexpr std::ptrdiff_t stack_reserve = 1 << 20;

/// Bytes that this thread's stack still has. The limits of a thread's stack never change.
std::ptrdiff_t stack_left() {
  static thread_local const char* const lowest = [] {
    pthread_attr_t attributes;
    void* address = nullptr;
    std::size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
      pthread_attr_getstack(&attributes, &address, &size);
      pthread_attr_destroy(&attributes);
    }
    return static_cast<const char*>(address);
  }();
  return static_cast<const char*>(__builtin_frame_address(0)) - lowest;
}

std::size_t heap_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Keeps what is alive; forgets the rest before the list doubles.
template <typename T>
void add_weak(std::vector<std::weak_ptr<T>>& kept, const std::shared_ptr<T>& one) {
  if (kept.size() == kept.capacity() && kept.size() > 64)
    std::erase_if(kept, [](const auto& weak) { return weak.expired(); });
  kept.push_back(one);
}

}  // namespace

Interpreter::Turn::Turn(Interpreter& interpreter)
    : turns_(interpreter.turns_.mine() ? nullptr : &interpreter.turns_) {
  if (turns_) turns_->take();
}

Interpreter::Turn::~Turn() {
  if (turns_) turns_->give();
}

Interpreter::Interpreter(const StepTable& steps, const syntax::Source& source, Limits limits,
                         Journal* journal)
    : steps_(steps),
      limits_(limits),
      turns_(journal),
      heap_at_start_(heap_in_use()),
      binding_(std::make_shared<Map>()) {
  auto& unit = *units_.emplace_back(std::make_unique<Unit>());
  unit.source = &source;
  unit.class_name = "WorkflowScript";
  plain_object_.name = plain_object_.simple = "java.lang.Object";
  plain_object_.unit = &unit;
  plain_object_.linked = true;
  plain_object_.state = UserClass::State::ready;
  main_ = std::make_shared<ScriptObject>(*this, unit, binding_);
  script_home_ = home_of(main_, unit);
}

Interpreter::~Interpreter() {
  pipeline_closure_ = nullptr;
  // What the pipeline tied into knots would keep itself alive.
  for (const auto& scope : scopes_)
    if (const auto alive = scope.lock()) alive->clear();
  for (const auto& object : instances_)
    if (const auto alive = object.lock(); alive && alive->instance()) {
      alive->instance()->fields.clear();
      alive->instance()->outer = {};
    }
  for (auto& [_, type] : classes_) {
    type->statics.clear();
    type->constants.clear();
    type->scope = nullptr;
    type->around = {};
  }
  for (auto& [_, type] : anonymous_) {
    type->scope = nullptr;
    type->around = {};
  }
  for (const auto& script : scripts_)
    if (const auto alive = script.lock()) {
      alive->fields.clear();
      alive->locals->clear();
      alive->binding->clear();
    }
  main_->fields.clear();
  main_->locals->clear();
  binding_->clear();
  globals_.clear();
}

HomePtr Interpreter::home_of(std::shared_ptr<Object> script, const Unit& unit) {
  return std::make_shared<const Home>(Home{&unit, Value(std::move(script)), nullptr});
}

Outcome<void> Interpreter::load(const std::vector<const Statement*>& statements, Context& context) {
  const Turn turn(*this);
  Frame frame{main_->locals, context, script_home_};
  TRY(declare_all(statements, *units_.front(), *main_, context));
  for (const auto* statement : statements) TRY(execute(*statement, frame));
  return {};
}

Outcome<Value> Interpreter::add_file(std::shared_ptr<const GroovyFile> file,
                                     std::shared_ptr<Map> binding, Context& context) {
  auto& unit = *units_.emplace_back(std::make_unique<Unit>());
  unit.source = file->source.get();
  unit.class_name = file->class_name;
  unit.file = file;
  auto script = std::make_shared<ScriptObject>(
      *this, unit, binding ? std::move(binding) : std::make_shared<Map>());
  scripts_.push_back(script);
  std::vector<const Statement*> statements;
  for (const auto& statement : file->tree->statements) statements.push_back(statement.get());
  TRY(declare_all(statements, unit, *script, context));
  // What was not found before may be in the file, or be found by whoever added it.
  asked_.clear();
  for (auto& known : units_) known->resolved.clear();
  return Value(std::shared_ptr<Object>(std::move(script)));
}

Outcome<Value> Interpreter::run_script(const Value& script, Context& context) {
  const auto object = std::dynamic_pointer_cast<ScriptObject>(script.as_object());
  if (!object || !object->unit.file) return refuse("a {} is no script", script.type_name());
  Frame frame{object->locals, context, home_of(object, object->unit)};
  Value last;
  const auto& statements = object->unit.file->tree->statements;
  for (const auto& statement : statements) {
    auto value = statement == statements.back() ? last_value(*statement, frame) : Value();
    if (statement != statements.back())
      if (auto done = execute(*statement, frame); !done)
        value = tl::unexpected(std::move(done.error()));
    if (!value) {
      if (const auto* left = std::get_if<Return>(&value.error().kind())) return left->value;
      return value;
    }
    last = std::move(*value);
  }
  return last;
}

Outcome<Value> Interpreter::run(const syntax::Block& block, Context& context) {
  const Turn turn(*this);
  auto frame = pipeline_frame(context);
  frame.scope = inner_scope(frame.scope);
  return execute_body(block, frame);
}

Outcome<std::string> Interpreter::evaluate_text(const Expression& expression, Context& context) {
  const Turn turn(*this);
  return text(TRY(evaluate_here(expression, context)), context);
}

Outcome<Value> Interpreter::evaluate(const Expression& expression, Context& context) {
  const Turn turn(*this);
  return evaluate_here(expression, context);
}

Outcome<Value> Interpreter::evaluate_here(const Expression& expression, Context& context) {
  auto frame = pipeline_frame(context);
  return evaluate(expression, frame);
}

void Interpreter::pipeline_stands_in(std::shared_ptr<Closure> closure) {
  pipeline_closure_ = std::move(closure);
}

Frame Interpreter::pipeline_frame(Context& context) const {
  if (!pipeline_closure_) return {main_->locals, context, script_home_};
  return {pipeline_closure_->scope, context, pipeline_closure_->home, pipeline_closure_.get()};
}

Outcome<void> Interpreter::count(Context& context) {
  here_ = &context;
  if (++operations_ > limits_.steps)
    return refuse("the pipeline evaluated more than {} expressions (limit 'steps')", limits_.steps);
  if (stack_left() < stack_reserve) return refuse("the pipeline's code is nested too deep");
  if (operations_ % operations_between_looks == 0) return look(context);
  return {};
}

Outcome<void> Interpreter::look(Context& context) {
  if (sees_stop(context, "code")) return interrupted(context);
  if (std::chrono::steady_clock::now() - turns_.began() > limits_.time)
    return refuse("the pipeline's code ran for more than {} ms without a step (limit 'time')",
                  limits_.time.count());
  return {};
}

Outcome<void> Interpreter::charge(std::size_t bytes) {
  charged_ += bytes;
  // A single call of a method may be long work.
  if (bytes >= large_charge && here_) TRY(look(*here_));
  if (charged_ < bytes_between_looks) return {};
  charged_ = 0;
  if (heap_in_use() > heap_at_start_ + limits_.memory)
    return refuse("the pipeline uses more than {} MiB of memory (limit 'memory')",
                  limits_.memory >> 20);
  return {};
}

ScopePtr Interpreter::inner_scope(const ScopePtr& parent) {
  return std::make_shared<Scope>(parent);
}

void Interpreter::remember(const ScopePtr& scope) {
  if (scope->mark_captured()) add_weak(scopes_, scope);
}

void Interpreter::remember(const std::shared_ptr<Object>& object) { add_weak(instances_, object); }

Outcome<std::string> Interpreter::text(const Value& value, Context& context) {
  here_ = &context;
  auto whole = TRY(text_of(value));
  TRY(charge(whole.size()));
  return whole;
}

Outcome<Value> Interpreter::no_method(const std::string& type, const std::string& name,
                                      const std::vector<Value>& values) {
  return missing_method(type, name, values);
}

}  // namespace cupel::pipeline
