// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/interpreter.hpp"

#include <malloc.h>
#include <pthread.h>

#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::uint64_t operations_between_looks = 1024;
constexpr std::size_t bytes_between_looks = 16U << 20;
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

}  // namespace

Interpreter::Interpreter(const StepTable& steps, Limits limits)
    : steps_(steps),
      limits_(limits),
      heap_at_start_(heap_in_use()),
      binding_(std::make_shared<Scope>(nullptr)),
      script_(std::make_shared<Scope>(binding_)) {}

Interpreter::~Interpreter() {
  for (const auto& scope : captured_)
    if (const auto alive = scope.lock()) alive->clear();
  binding_->clear();
  script_->clear();
}

Outcome<void> Interpreter::load(const std::vector<const syntax::Statement*>& statements,
                                Context& context) {
  const Turn turn(*this);
  Frame frame{script_, context};
  // Methods first: a Groovy script may call one that is declared further down.
  for (const auto* statement : statements)
    if (statement->as<syntax::MethodDeclaration>()) TRY(execute(*statement, frame));
  for (const auto* statement : statements)
    if (!statement->as<syntax::MethodDeclaration>()) TRY(execute(*statement, frame));
  return {};
}

Outcome<Value> Interpreter::run(const syntax::Block& block, Context& context) {
  const Turn turn(*this);
  Frame frame{inner_scope(script_), context};
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
  Frame frame{script_, context};
  return evaluate(expression, frame);
}

Outcome<void> Interpreter::count(Context& context) {
  here_ = &context;
  if (++operations_ > limits_.operations)
    return refuse("the pipeline evaluated more than {} expressions", limits_.operations);
  if (stack_left() < stack_reserve) return refuse("the pipeline's code is nested too deep");
  if (operations_ % operations_between_looks == 0 && context.stop.requested())
    return interrupt("", model::Verdict::aborted);
  return {};
}

Outcome<void> Interpreter::charge(std::size_t bytes) {
  charged_ += bytes;
  if (charged_ < bytes_between_looks) return {};
  charged_ = 0;
  if (heap_in_use() > heap_at_start_ + limits_.memory)
    return refuse("the pipeline uses more than {} MiB of memory", limits_.memory >> 20);
  return {};
}

Outcome<Value> Interpreter::observe(const Context& context, std::string_view,
                                    const std::function<Outcome<Value>()>& live) {
  static_cast<void>(context.next_step());
  return live();
}

ScopePtr Interpreter::inner_scope(const ScopePtr& parent) {
  return std::make_shared<Scope>(parent);
}

Outcome<std::string> Interpreter::text(const Value& value, Context& context) {
  here_ = &context;
  auto whole = TRY(text_of(value));
  TRY(charge(whole.size()));
  return whole;
}

}  // namespace cupel::pipeline
