// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/groovy/evaluator.hpp"
#include "pipeline/groovy/java_class.hpp"
#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/frame.hpp"
#include "pipeline/interpreter/instance.hpp"
#include "pipeline/interpreter/limits.hpp"
#include "pipeline/interpreter/step.hpp"
#include "pipeline/interpreter/turns.hpp"
#include "pipeline/interpreter/unit.hpp"
#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/describable.hpp"

namespace cupel::pipeline {

/// Walks the trees of a Jenkinsfile and of the files that it loads. One for a run; branches of
/// `parallel` share it and its variables. Groovy code, and all that decides what comes next, runs
/// under one lock, which is given up only while an effect runs. What the language has and this does
/// not is an error that names it, never ignored.
class Interpreter final : public Evaluator {
 public:
  /// Has the lock as long as it lives; changes nothing on a thread that has it already. The order
  /// in which branches get it is nobody's: where that matters, they enter() instead.
  class Turn {
   public:
    explicit Turn(Interpreter& interpreter);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns* turns_;  ///< null: it had it already
  };

  /// The source is that of the Jenkinsfile. All is borrowed for life. Without a journal nothing is
  /// recorded.
  Interpreter(const StepTable& steps, const syntax::Source& source, Limits limits,
              Journal* journal = nullptr);
  ~Interpreter() override;
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // These take the lock, where the thread has not got it.
  /// Runs what stands before `pipeline { }`: methods become known, variables stay visible.
  Outcome<void> load(const std::vector<const syntax::Statement*>& statements, Context& context);
  /// Runs a body: of steps { }, of a post condition.
  Outcome<Value> run(const syntax::Block& block, Context& context);
  Outcome<std::string> evaluate_text(const syntax::Expression& expression, Context& context);
  Outcome<Value> evaluate(const syntax::Expression& expression, Context& context);

  /// Runs a step that has a body, as written without one, around a body of ours: an option.
  Outcome<Value> run_around(const syntax::Call& call, Context& context, const ContextBody& body);

  // These are for who has the lock already.
  /// A step of the table, by our own code.
  Outcome<Value> run_step(std::string_view name, const Arguments& arguments,
                          std::shared_ptr<Closure> body, Context& context);
  Outcome<Value> evaluate_here(const syntax::Expression& expression, Context& context);

  /// Reads a further file: its classes become known, its script is returned as an object, whose
  /// code has not run yet. Null for the binding: one of its own.
  Outcome<Value> add_file(std::shared_ptr<const GroovyFile> file, std::shared_ptr<Map> binding,
                          Context& context);
  /// Runs the code of a script object, and gives its last value.
  Outcome<Value> run_script(const Value& script, Context& context);
  /// The binding of the Jenkinsfile.
  const std::shared_ptr<Map>& binding() const { return binding_; }
  /// The Jenkinsfile as an object: `this` at its top.
  Value script() const { return script_home_->self; }
  /// From here on run(), evaluate() and the like are of a declarative pipeline that stands in this
  /// closure instead of at the Jenkinsfile's top: its code sees the variables around it.
  void pipeline_stands_in(std::shared_ptr<Closure> closure);
  const StepTable& steps() const { return steps_; }
  /// Asked once for each full class name that no file defines yet: adds the file that does, and
  /// says whether there is one.
  using ClassFinder = std::function<Outcome<bool>(const std::string& name, Context& context)>;
  void find_classes_by(ClassFinder finder) { class_finder_ = std::move(finder); }
  /// Asked for each name of a variable or function that nothing else defines: scripts of vars/.
  using GlobalFinder =
      std::function<Outcome<std::optional<Value>>(const std::string& name, Context& context)>;
  void find_globals_by(GlobalFinder finder) { global_finder_ = std::move(finder); }
  /// A variable that all code sees, as env: found behind those of the binding.
  void define_global(const std::string& name, Value value) { globals_[name] = std::move(value); }

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
  std::uint32_t regex_work() const override { return limits_.regex; }
  Outcome<void> charge(std::size_t bytes) override;
  Outcome<Value> observe(const Context& context, std::string_view name,
                         const std::function<Outcome<Value>()>& live) override;
  Context& here() override { return *here_; }

  // For the objects of the pipeline's own classes and scripts (instance.cpp, unit.cpp).
  using Found = Outcome<std::optional<Value>>;
  /// Nothing if the object has no such property, or method that takes the arguments.
  Found find_in_instance(const Value& self, const std::string& name, Context& context);
  Outcome<void> set_in_instance(const Value& self, const std::string& name, Value value,
                                Context& context);
  Found call_in_instance(const Value& self, const std::string& name, std::vector<Value>& values,
                         Context& context);
  /// What of the object's class itself, for toString() and the like; nothing if it has none.
  Found call_own(const Value& self, const std::string& name, std::vector<Value> values);
  Found find_in_script(ScriptObject& script, const std::string& name, Context& context);
  Found call_in_script(ScriptObject& script, const std::string& name, CallArguments& given,
                       Frame& frame);
  /// A method with a body of an interface or trait.
  Found call_default(UserClass& type, const Value& self, const std::string& name,
                     std::vector<Value>& values, Context& context);
  HomePtr home_of(std::shared_ptr<Object> script, const Unit& unit);
  /// The class of this full name as a value.
  Found class_named(const std::string& name, Context& context);
  Outcome<Value> no_method(const std::string& type, const std::string& name,
                           const std::vector<Value>& values);

  // effects.cpp
  /// An effect that is recorded as a whole, and in a resumed run not made again. `live` makes it,
  /// without the lock. Inside of another such effect it is only made.
  struct Effect {
    std::string name;
    std::string arguments = {};  ///< their digest
    Replay replay = Replay::repeatable;
  };
  using Live = std::function<Outcome<Value>(const StepId& id, Attempt& attempt)>;
  Outcome<Value> perform(const Effect& effect, const Context& context, const Live& live);
  /// Runs something that blocks, without the lock. In a resumed run it runs again; the lock is
  /// taken back in the recorded order.
  Outcome<Value> apart(const Context& context, std::string_view name,
                       const std::function<Outcome<Value>()>& live);
  /// Whether the branch is asked to stop; in a resumed run: whether it was, when it looked here.
  bool sees_stop(const Context& context, std::string_view where);
  /// Takes the lock on a thread that has not got it, in the recorded order. Has it even if it
  /// fails.
  Outcome<void> enter(const Context& context, std::string_view name);
  void leave() { turns_.give(); }
  Turns& turns() { return turns_; }

 private:
  using Expression = syntax::Expression;
  using Statement = syntax::Statement;

  // expressions.cpp, literals.cpp
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
  Outcome<Value> eval(const syntax::This&, Frame&);
  Outcome<Value> eval(const syntax::Property&, Frame&);
  Outcome<Value> eval(const syntax::Index&, Frame&);
  Outcome<Value> eval(const syntax::Ternary&, Frame&);
  Outcome<Value> eval(const syntax::Elvis&, Frame&);
  Outcome<Value> eval(const syntax::InstanceOf&, Frame&);
  Outcome<Value> eval(const syntax::Cast&, Frame&);
  Outcome<Value> eval(const syntax::MethodPointer&, Frame&);
  Outcome<std::string> name_of(const syntax::Name& name, const syntax::ExpressionPtr& computed,
                               Frame& frame);
  Outcome<Value> range_of(const syntax::Range& literal, const Value& from, const Value& to,
                          Context& context);

  // names.cpp: what a bare name stands for
  Outcome<Value> value_of_name(const std::string& name, Frame& frame);
  Found find_name(const std::string& name, Frame& frame);
  Found find_in_closure(const Closure& closure, const std::string& name, Context& context);
  Found find_in(const Value& target, const std::string& name, Context& context);
  /// What a variable of this type asks of each value; null: nothing.
  static const syntax::TypeName* kept_type(const syntax::TypeName& type);
  /// What the variable then holds: a type that it was declared with makes its own of the value.
  Outcome<Value> assign_name(const std::string& name, Value value, Frame& frame);
  Outcome<bool> assign_in_closure(const Closure& closure, const std::string& name,
                                  const Value& value, Context& context);
  Found global(const std::string& name, Context& context);
  Found static_import(const std::string& name, const Unit& unit, Context& context);

  // properties.cpp, indexing.cpp
  Outcome<Value> get_of_class(const ClassObject& type, const std::string& name, Context& context);
  Found find_by_getter(const Value& receiver, const std::string& name, Context& context);
  Outcome<Value> get_of_closure(Closure& closure, const std::string& name);
  Outcome<void> set_of_closure(Closure& closure, const std::string& name, const Value& value);
  Outcome<Value> attribute(const Value& receiver, const std::string& name, Context& context);
  Outcome<Value> index_key(const syntax::Index& expression, Frame& frame);

  // operators.cpp, assignment.cpp
  Outcome<Value> eval(const syntax::Unary&, Frame&);
  Outcome<Value> eval(const syntax::Increment&, Frame&);
  Outcome<Value> eval(const syntax::Binary&, Frame&);
  Outcome<Value> eval(const syntax::Assignment&, Frame&);
  Outcome<Value> operate(syntax::BinaryOperator op, const Value& a, const Value& b,
                         Context& context);
  Outcome<Value> minus(const Value& a, const Value& b, Context& context);
  Outcome<Value> multiplied(const Value& a, const Value& b, Context& context);
  Outcome<Value> shifted_left(const Value& a, const Value& b, Context& context);
  Outcome<Value> arithmetic(syntax::BinaryOperator op, const Value& a, const Value& b,
                            Context& context);
  Outcome<Value> match(syntax::BinaryOperator op, const Value& text, const Value& pattern,
                       Context& context);
  Outcome<bool> contains(const Value& value, const Value& container, Context& context);
  Outcome<Value> stepped(const Value& value, int step, Context& context);
  /// What an assignment goes to, with its parts evaluated.
  struct Target {
    enum class Kind { name, property, index };
    Kind kind = Kind::name;
    std::string name;
    Value receiver;
    Value key;
    bool safe = false, spread = false;
    bool field = false;  ///< the field itself, not its setter
  };
  Outcome<Target> place_of(const Expression& target, Frame& frame);
  Outcome<Value> read(const Target& place, Frame& frame);
  /// The value that was written, converted where the target has a type.
  Outcome<Value> write(const Target& place, Value value, Frame& frame);
  Outcome<void> set_field(const Value& self, InstanceState& state, const std::string& name,
                          Value value, Context& context);
  Outcome<void> assign_all(const syntax::ListLiteral& targets, const Value& values, Frame& frame);

  // calls.cpp, methods_of_values.cpp
  Outcome<Value> eval(const syntax::Call&, Frame&);
  Outcome<Value> eval(const syntax::ValueCall&, Frame&);
  Outcome<CallArguments> arguments(const syntax::Arguments& written, Frame& frame);
  Outcome<Value> call_name(const std::string& name, CallArguments& given, Frame& frame);
  Found call_in_closure(const Closure& closure, const std::string& name, CallArguments& given,
                        Frame& frame);
  Found call_on(const Value& target, const std::string& name, CallArguments& given, Frame& frame);
  Outcome<Value> no_such_step(const std::string& name);
  Outcome<Value> call_method(const Value& receiver, const std::string& name, CallArguments& given,
                             Frame& frame);
  Outcome<Value> call_super(const syntax::Call& call, CallArguments& given, Frame& frame);
  Found call_class(const ClassObject& type, const std::string& name, std::vector<Value>& values,
                   Context& context);
  Found call_of_closure(const Value& receiver, const std::string& name, std::vector<Value>& values,
                        Context& context);
  Found call_built_in(const Value& receiver, const std::string& name, std::vector<Value>& values,
                      Context& context);
  Found call_common(const Value& receiver, const std::string& name, std::vector<Value>& values,
                    Context& context);
  Found call_operator(const Value& receiver, const std::string& name, std::vector<Value>& values,
                      Context& context);
  Outcome<Value> print(const std::string& name, std::vector<Value> values, Frame& frame);

  // overloads.cpp
  const UserMethod* choose(const std::vector<UserMethod>& methods,
                           const std::vector<Value>& values);
  std::optional<int> distance(const syntax::TypeName& type, const Value& value, const Unit& unit,
                              UserClass* inside);
  std::optional<int> distance(const UserMethod& method, const std::vector<Value>& values);
  Outcome<void> bind(const std::vector<syntax::Parameter>& parameters, std::vector<Value> values,
                     Frame& inner);
  Outcome<Value> call_user_method(const UserMethod& method, const Value& self,
                                  std::vector<Value> values, Context& context);
  Outcome<Value> run_body(const syntax::Block& block, Frame& inner);

  // casts.cpp
  enum class Conversion { assignment, as };
  Outcome<Value> coerce(const syntax::TypeName& type, Value value, const Home& home,
                        Context& context, Conversion how = Conversion::assignment);
  Outcome<Value> convert(const NamedClass& type, const Value& value, Conversion how,
                         Context& context);
  Outcome<std::optional<Value>> convert_collection(const std::string& type, const Value& value);
  Outcome<std::optional<Value>> convert_number(const std::string& type, const Value& value,
                                               Conversion how, Context& context);
  Outcome<Value> convert_to_own(const NamedClass& type, const Value& value, Conversion how,
                                Context& context);
  bool is_instance_of(const Value& value, const NamedClass& type);

  // classes.cpp, construction.cpp
  std::optional<NamedClass> find_class(std::string_view name, const Unit& unit, UserClass* inside,
                                       Context& context);
  std::optional<NamedClass> find_full_class(const std::string& name, Context& context);
  Outcome<NamedClass> need_class(const std::string& name, const Home& home, Context& context);
  Value class_of(const NamedClass& type);
  Outcome<void> declare_all(const std::vector<const Statement*>& statements, Unit& unit,
                            ScriptObject& script, Context& context);
  UserClass& declare(const syntax::ClassDeclaration& declaration, const Unit& unit,
                     UserClass* outer);
  void add_members(UserClass& type, const Unit& unit);
  Outcome<void> link(UserClass& type, Context& context);
  Outcome<void> start(UserClass& type, Context& context);
  Outcome<void> make_constants(UserClass& type, Frame& frame);
  UserClass& anonymous(const syntax::New& expression, const NamedClass& base, Frame& frame);
  Outcome<Value> eval(const syntax::New&, Frame&);
  Outcome<Value> new_array(const syntax::New& expression, Frame& frame);
  Outcome<Value> construct(const NamedClass& type, std::vector<Value> values, Context& context,
                           const Value& outer = {});
  Outcome<Value> construct_own(UserClass& type, std::vector<Value> values, Context& context,
                               const Value& outer = {});
  Outcome<void> initialise(const Value& self, UserClass& type, std::vector<Value> values,
                           Context& context);
  Outcome<void> initialise_base(const Value& self, UserClass& type, std::vector<Value> values,
                                Context& context);
  Outcome<void> initialise_fields(const Value& self, UserClass& type, Context& context);
  Outcome<void> run_constructor(const UserMethod& constructor, const Value& self,
                                std::vector<Value> values, Context& context);
  Outcome<void> set_properties(const Value& self, const Map& values, Context& context);
  Found call_generated(const Value& self, const std::string& name, std::vector<Value>& values,
                       Context& context);
  Found call_enum(UserClass& type, const std::string& name, std::vector<Value>& values,
                  Context& context);

  // step_call.cpp
  Outcome<Value> call_step(const Step& step, CallArguments& given, Frame& frame);
  Outcome<Value> run_step(const Step& step, const Arguments& arguments,
                          std::shared_ptr<Closure> body, Context& context);
  using AnyBody = std::variant<std::shared_ptr<Closure>, ContextBody>;
  Outcome<Value> run_block(const Step& step, const Arguments& arguments, AnyBody body,
                           Context& context);
  Outcome<Value> run_simple(const Step& step, const Arguments& arguments, Context& context);
  Outcome<Arguments> step_arguments(const syntax::StepSignature& signature, CallArguments& given,
                                    Context& context);
  Outcome<Value> described(const syntax::Describable& describable, CallArguments& given,
                           Context& context);

  // statements.cpp, loops.cpp, exceptions.cpp
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
  Outcome<void> exec(const syntax::DoWhile&, Frame&);
  Outcome<void> exec(const syntax::For&, Frame&);
  Outcome<void> exec(const syntax::ForIn&, Frame&);
  Outcome<void> exec(const syntax::Switch&, Frame&);
  Outcome<void> exec(const syntax::Labeled&, Frame&);
  Outcome<void> exec(const syntax::Synchronized&, Frame&);
  Outcome<void> exec(const syntax::Try&, Frame&);
  Outcome<void> exec(const syntax::Throw&, Frame&);
  Outcome<void> exec(const syntax::Return&, Frame&);
  Outcome<void> exec(const syntax::Break&, Frame&);
  Outcome<void> exec(const syntax::Continue&, Frame&);
  Outcome<void> exec(const syntax::Assert&, Frame&);
  Outcome<void> exec(const syntax::MethodDeclaration&, Frame&);
  Outcome<void> exec(const syntax::ClassDeclaration&, Frame&);
  Outcome<void> exec(const syntax::Import&, Frame&);
  Outcome<void> exec(const syntax::Package&, Frame&);
  Outcome<void> declare_variable(const syntax::VariableDeclaration& declaration,
                                 const syntax::Declarator& declarator, Value value, Frame& frame);
  /// Runs a loop's body; false: leave the loop. `label` is the loop's own, or null.
  Outcome<bool> loop_body(const syntax::StatementPtr& body, Frame& frame, const std::string* label);
  enum class Wants { nothing, value };
  Outcome<Value> switched(const syntax::Switch& statement, Frame& frame, Wants wants);
  Outcome<Value> body_of(const syntax::Block& block, Frame& frame, Wants wants);
  Outcome<bool> is_case(const Value& candidate, const Value& subject, Context& context);
  Outcome<Value> tried(const syntax::Try& statement, Frame& frame, Wants wants);
  Outcome<Value> with_resources(const syntax::Try& statement, Frame& frame, Wants wants);
  Outcome<Value> handle(Signal signal, const std::vector<syntax::Catch>& catches, Frame& frame,
                        Wants wants);
  Outcome<bool> takes(const syntax::Catch& clause, const Exception& thrown, Frame& frame);

  Outcome<Value> perform_live(const Effect& effect, const Context& context, const StepId& id,
                              Attempt& attempt, const Live& live);
  Outcome<void> count(Context& context);
  void resume(Context& context);
  Outcome<void> look(Context& context);
  ScopePtr inner_scope(const ScopePtr& parent);
  /// Of code in sections and blocks of the declarative pipeline.
  Frame pipeline_frame(Context& context) const;
  void remember(const ScopePtr& scope);
  void remember(const std::shared_ptr<Object>& object);
  const syntax::Source* source_of(const Frame& frame) const { return frame.home->unit->source; }

  const StepTable& steps_;
  Limits limits_;
  Context* here_ = nullptr;  ///< of the code that has the lock
  Turns turns_;
  std::uint64_t operations_ = 0;
  std::size_t charged_ = 0;
  std::size_t heap_at_start_ = 0;
  std::uint64_t objects_ = 0;
  std::shared_ptr<Map> binding_;  // shared: `binding.variables`
  std::vector<std::unique_ptr<Unit>> units_;
  std::shared_ptr<ScriptObject> main_;  // shared, as all Groovy objects
  HomePtr script_home_;
  std::shared_ptr<Closure> pipeline_closure_;  // shared: a Groovy value; null: at the top
  std::map<std::string, Value, std::less<>> globals_;
  std::map<std::string, std::unique_ptr<UserClass>, std::less<>> classes_;
  std::map<std::string, bool, std::less<>> asked_;  ///< the class finder, and its answer
  std::map<const syntax::New*, std::unique_ptr<UserClass>> anonymous_;
  ClassFinder class_finder_;
  GlobalFinder global_finder_;
  std::optional<Signal> class_failure_;  ///< why the finder could not read a file
  std::set<std::pair<const Object*, std::string>> getting_;  ///< getters and setters that run
  UserClass plain_object_;                                   ///< of `new Object()`
  std::vector<std::weak_ptr<ScriptObject>> scripts_;  ///< of further files: cleared at the end
  std::vector<std::weak_ptr<Scope>> scopes_;          ///< that closures keep: cleared at the end
  std::vector<std::weak_ptr<Object>> instances_;      ///< likewise
};

}  // namespace cupel::pipeline
