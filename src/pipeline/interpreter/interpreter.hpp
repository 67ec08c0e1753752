// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/groovy/evaluator.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/step.hpp"
#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/describable.hpp"

namespace cupel::pipeline {

/// What hostile or mistaken code may use at most. Beyond: an error that no `catch` takes.
struct Limits {
  int depth = 1000;  ///< of calls inside calls
  std::uint64_t operations =
      500'000'000;  ///< expressions and statements evaluated, in the whole run
  std::size_t memory = std::size_t{1} << 30;
};

/// What evaluation needs at hand: the variables around, and the context of the thread.
struct Frame {
  ScopePtr scope;
  Context& context;
};

/// Walks the tree of one Jenkinsfile. One for a run; branches of `parallel` share it and its
/// variables. Groovy code runs under one lock, which is given up only while a step runs. What the
/// language has and this does not is an error that names it, never ignored.
class Interpreter final : public Evaluator {
 public:
  /// Has the lock as long as it lives.
  class Turn {
   public:
    explicit Turn(Interpreter& interpreter) : lock_(interpreter.mutex_) {}

   private:
    std::unique_lock<std::mutex> lock_;
  };

  Interpreter(const StepTable& steps, Limits limits);
  ~Interpreter() override;
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // These take the lock.
  /// Runs what stands before `pipeline { }`: methods become known, variables stay visible.
  Outcome<void> load(const std::vector<const syntax::Statement*>& statements, Context& context);
  /// Runs a body: of steps { }, of a post condition.
  Outcome<Value> run(const syntax::Block& block, Context& context);
  Outcome<std::string> evaluate_text(const syntax::Expression& expression, Context& context);
  Outcome<Value> evaluate(const syntax::Expression& expression, Context& context);

  /// Runs a step that has a body, as written without one, around a body of ours: an option.
  Outcome<Value> run_around(const syntax::Call& call, Context& context, const ContextBody& body);

  // These are for who has the lock already.
  Outcome<Value> evaluate_here(const syntax::Expression& expression, Context& context);
  Outcome<Value> call(const Closure& closure, std::vector<Value> arguments,
                      Context& context) override;
  Outcome<Value> call(const Value& callable, std::vector<Value> arguments,
                      Context& context) override;
  Outcome<Value> invoke(const Value& receiver, const std::string& name,
                        std::vector<Value> arguments, Context& context) override;
  Outcome<Value> get(const Value& receiver, const std::string& name, Context& context) override;
  Outcome<void> set(const Value& receiver, const std::string& name, Value value,
                    Context& context) override;
  Outcome<Value> index(const Value& receiver, const Value& key, Context& context) override;
  Outcome<void> put(const Value& receiver, const Value& key, Value value,
                    Context& context) override;
  Outcome<Value> plus(const Value& a, const Value& b, Context& context) override;
  Outcome<std::string> text(const Value& value, Context& context) override;
  Outcome<bool> is_instance(const Value& value, const std::string& type, Context& context) override;
  Outcome<Value> cast(const Value& value, const std::string& type, Context& context) override;
  Outcome<void> charge(std::size_t bytes) override;
  Outcome<Value> observe(const Context& context, std::string_view name,
                         const std::function<Outcome<Value>()>& live) override;
  Context& here() override { return *here_; }

 private:
  using Expression = syntax::Expression;
  using Statement = syntax::Statement;
  struct CallArguments {
    std::vector<Value> positional;
    std::shared_ptr<Map> named;  ///< null if there are none
    std::shared_ptr<Closure> trailing;
    /// As Groovy passes them: the map first, the closure last.
    std::vector<Value> all() const;
  };

  // expressions.cpp
  Outcome<Value> evaluate(const Expression& expression, Frame& frame);
  Outcome<Value> eval(const syntax::NullLiteral&, Frame&);
  Outcome<Value> eval(const syntax::BooleanLiteral&, Frame&);
  Outcome<Value> eval(const syntax::IntegerLiteral&, Frame&);
  Outcome<Value> eval(const syntax::DecimalLiteral&, Frame&);
  Outcome<Value> eval(const syntax::StringLiteral&, Frame&);
  Outcome<Value> eval(const syntax::GString&, Frame&);
  Outcome<Value> eval(const syntax::ListLiteral&, Frame&);
  Outcome<Value> eval(const syntax::MapLiteral&, Frame&);
  Outcome<Value> eval(const syntax::Range&, Frame&);
  Outcome<Value> eval(const syntax::Closure&, Frame&);
  Outcome<Value> eval(const syntax::Variable&, Frame&);
  Outcome<Value> eval(const syntax::Property&, Frame&);
  Outcome<Value> eval(const syntax::Index&, Frame&);
  Outcome<Value> eval(const syntax::Ternary&, Frame&);
  Outcome<Value> eval(const syntax::Elvis&, Frame&);
  Outcome<Value> eval(const syntax::InstanceOf&, Frame&);
  Outcome<Value> eval(const syntax::Cast&, Frame&);
  Outcome<Value> eval(const syntax::New&, Frame&);
  Outcome<Value> variable(const std::string& name, Context& context);
  Outcome<std::string> name_of(const syntax::Name& name, const syntax::ExpressionPtr& computed,
                               Frame& frame);

  // operators.cpp
  Outcome<Value> eval(const syntax::Unary&, Frame&);
  Outcome<Value> eval(const syntax::Increment&, Frame&);
  Outcome<Value> eval(const syntax::Binary&, Frame&);
  Outcome<Value> eval(const syntax::Assignment&, Frame&);
  Outcome<Value> operate(syntax::BinaryOperator op, const Value& a, const Value& b, Frame& frame);
  Outcome<Value> add(const Value& a, const Value& b, Frame& frame);
  Outcome<Value> minus(const Value& a, const Value& b, Frame& frame);
  Outcome<Value> multiplied(const Value& a, const Value& b, Frame& frame);
  Outcome<Value> arithmetic(syntax::BinaryOperator op, const Value& a, const Value& b);
  Outcome<void> assign(const Expression& target, Value value, Frame& frame);
  Outcome<void> assign_all(const syntax::ListLiteral& targets, const Value& values, Frame& frame);

  // calls.cpp
  Outcome<Value> eval(const syntax::Call&, Frame&);
  Outcome<Value> eval(const syntax::ValueCall&, Frame&);
  Outcome<CallArguments> arguments(const syntax::Arguments& written, Frame& frame);
  Outcome<Value> call_name(const std::string& name, CallArguments& given, Frame& frame);
  Outcome<Value> call_method(const Value& receiver, const std::string& name, CallArguments& given,
                             Frame& frame);
  Outcome<Value> call_script_method(const std::string& name, CallArguments& given,
                                    Context& context);
  Outcome<void> bind(const std::vector<syntax::Parameter>& parameters, std::vector<Value> values,
                     Frame& inner, const std::string& what);

  // step_call.cpp
  Outcome<Value> call_step(const Step& step, CallArguments& given, Frame& frame);
  Outcome<Arguments> step_arguments(const syntax::StepSignature& signature, CallArguments& given,
                                    Context& context);
  /// string(name: 'X') as an argument of a step: a map with the name as its '$class'.
  Outcome<Value> described(const syntax::Describable& describable, CallArguments& given,
                           Context& context);

  // statements.cpp
  Outcome<void> execute(const Statement& statement, Frame& frame);
  Outcome<void> execute(const syntax::Block& block, Frame& frame);
  /// The value of the last statement too, as closures and methods give it.
  Outcome<Value> execute_body(const syntax::Block& block, Frame& frame);
  Outcome<Value> last_value(const Statement& statement, Frame& frame);
  Outcome<void> exec(const syntax::ExpressionStatement&, Frame&);
  Outcome<void> exec(const syntax::VariableDeclaration&, Frame&);
  Outcome<void> exec(const syntax::BlockStatement&, Frame&);
  Outcome<void> exec(const syntax::If&, Frame&);
  Outcome<void> exec(const syntax::While&, Frame&);
  Outcome<void> exec(const syntax::For&, Frame&);
  Outcome<void> exec(const syntax::ForIn&, Frame&);
  Outcome<void> exec(const syntax::Try&, Frame&);
  Outcome<void> exec(const syntax::Throw&, Frame&);
  Outcome<void> exec(const syntax::Return&, Frame&);
  Outcome<void> exec(const syntax::Break&, Frame&);
  Outcome<void> exec(const syntax::Continue&, Frame&);
  Outcome<void> exec(const syntax::Assert&, Frame&);
  Outcome<void> exec(const syntax::MethodDeclaration&, Frame&);
  /// Runs a loop's body; false: leave the loop.
  Outcome<bool> loop_body(const syntax::StatementPtr& body, Frame& frame);
  Outcome<void> handle(Signal signal, const std::vector<syntax::Catch>& catches, Frame& frame);

  Outcome<void> count(Context& context);
  ScopePtr inner_scope(const ScopePtr& parent);

  const StepTable& steps_;
  Limits limits_;
  Context* here_ = nullptr;  ///< of the code that has the lock
  std::mutex mutex_;
  std::uint64_t operations_ = 0;
  std::size_t charged_ = 0;
  std::size_t heap_at_start_ = 0;
  ScopePtr binding_;  // shared, as all scopes
  ScopePtr script_;   ///< `def` at the top of the file
  std::map<std::string, std::vector<const syntax::MethodDeclaration*>> methods_;
  std::vector<std::weak_ptr<Scope>> captured_;  ///< by closures: cleared at the end
};

}  // namespace cupel::pipeline
