// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/interpreter/stage_frame.hpp"
#include "pipeline/syntax/signature.hpp"

namespace cupel::pipeline {

/// The arguments of one call of a step, by name: the positional one has the name that the signature
/// gives it. Plain copies that share nothing with the pipeline's variables.
class Arguments {
 public:
  Arguments() = default;
  explicit Arguments(std::vector<std::pair<std::string, Value>> values)
      : values_(std::move(values)) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Null if not given.
  const Value* find(std::string_view name) const;
  /// All that were given, in their order; for steps that take any names.
  const std::vector<std::pair<std::string, Value>>& all() const { return values_; }
  /// Each fails, naming the argument, where it is missing or of another kind.
  Result<std::string> text(std::string_view name) const;
  Result<std::string> text(std::string_view name, std::string_view otherwise) const;
  Result<std::int64_t> integer(std::string_view name) const;
  Result<bool> flag(std::string_view name) const;  ///< false if not given
  Result<bool> flag(std::string_view name, bool otherwise) const;
  Result<std::vector<std::string>> texts(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, Value>> values_;
};

/// What a step may use: where it is called, and its body.
class StepContext {
 public:
  StepContext(Context& context, StepId id, std::shared_ptr<Closure> body)
      : context_(context), id_(std::move(id)), body_(std::move(body)) {}
  /// With a body of ours.
  StepContext(Context& context, StepId id, ContextBody body)
      : context_(context), id_(std::move(id)), native_(std::move(body)) {}

  /// Fails with Jenkins' text when there is no node here.
  Result<HeldNode*> node();
  /// Absolute: `path` against the current directory.
  Result<std::string> resolve(const std::string& path);
  const std::string& directory() const { return context_.directory; }
  const Context& here() const { return context_; }
  const Stop& stop() const { return context_.stop; }
  RunFiles& files() { return context_.run.files; }
  /// The same in every execution of this pipeline.
  const StepId& id() const { return id_; }

  /// A line or more to the log, as output of the step.
  void print(std::string_view text);
  /// A line from cupel itself.
  void note(std::string_view line) { context_.note(line); }
  void output(place::Stream stream, std::string_view bytes);
  void worsen_run(model::Verdict verdict) { context_.run.state.worsen(verdict); }
  model::Verdict run_verdict() { return context_.run.state.current(); }
  void worsen_stage(model::Verdict verdict);

  /// A context for the body, to be changed before run_body.
  Context inner() const { return context_; }
  bool has_body() const { return body_ != nullptr || native_; }
  /// Runs the body with these arguments. May be called again (retry).
  Outcome<Value> run_body(Context& inner, std::vector<Value> values = {});
  /// The same for steps that show its beginning and end themselves.
  Outcome<Value> run_bare_body(Context& inner, std::vector<Value> values = {});
  /// Calls a closure that came among the arguments. Takes the interpreter's lock.
  Outcome<Value> call(const Closure& closure, std::vector<Value> values, Context& inner);
  /// For steps that shape the run itself: node, stage, parallel, load, ...
  Run& run() { return context_.run; }
  /// For steps that change what holds after them, where they stand. Most want inner().
  Context& outer() { return context_; }
  /// Hides secrets in what a step says elsewhere than in the log.
  std::string hide(std::string_view text) { return context_.run.masks.hide(text); }
  Masks& masks() { return context_.run.masks; }
  const Services& services() const { return context_.run.services; }

  /// The interruption that `error` stands for, if we were asked to stop; else the error.
  Signal failure(Error error) const;

 private:
  Context& context_;
  StepId id_;
  ContextBody native_;
  std::shared_ptr<Closure> body_;  // shared: a Groovy value; null if the step has none
};

/// Something that a pipeline can do. Called without the interpreter's lock, from any thread; has no
/// state of its own.
class Step {
 public:
  virtual ~Step() = default;
  virtual const syntax::StepSignature& signature() const = 0;
  virtual Outcome<Value> run(const Arguments& arguments, StepContext& context) const = 0;
};

/// Holds the signature for a step.
class SignedStep : public Step {
 public:
  explicit SignedStep(syntax::StepSignature signature) : signature_(std::move(signature)) {}
  const syntax::StepSignature& signature() const override { return signature_; }

 private:
  syntax::StepSignature signature_;
};

/// The steps that a pipeline may call.
class StepTable {
 public:
  explicit StepTable(std::vector<std::unique_ptr<Step>> steps);
  const Step* find(std::string_view name) const;
  /// For validation.
  const std::vector<syntax::StepSignature>& signatures() const { return signatures_; }

 private:
  std::vector<std::unique_ptr<Step>> steps_;  // in the order of their names
  std::vector<syntax::StepSignature> signatures_;
};

}  // namespace cupel::pipeline
