// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pipeline/interpreter/journal.hpp"
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
  /// The same for the same names and values, in the same order.
  Result<std::string> digest() const;
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

/// What becomes of a step when a run is resumed from its journal. A step that is recorded is not
/// run again: its value, what it marked, and what it printed are there.
enum class Replay {
  reads,       ///< recorded; changes nothing outside of the run, so it needs no care before
  repeatable,  ///< recorded; if it was cut off, it may simply run again
  goes_on,     ///< recorded; if it was cut off, it finds what it began: StepContext::begun()
  once,        ///< recorded; if it was cut off, it fails, since nobody knows what it did
  code,        ///< runs again; arranges for its body and blocks nowhere else: keeps the lock
  acquires,    ///< runs again: it gets for its body what an earlier process had
};

/// That of a step of this name, as replay.cpp lists them; `once`, or with a body `acquires`, of one
/// that is not there.
Replay replay_of(const syntax::StepSignature& signature);

/// What an effect leaves for its record.
struct Attempt {
  const JournalRecord* begun = nullptr;  ///< an earlier process began it, and did not end it
  Marks marks = {};
  std::vector<Told> told = {};
};
/// So much of what a step prints is kept for a tap that hears again; it fails beyond.
inline constexpr std::size_t most_told = std::size_t{64} << 20;

/// What a step may use: where it is called, and its body.
class StepContext {
 public:
  /// With an attempt, marks wait in it for the step's end.
  StepContext(Context& context, StepId id, std::variant<std::shared_ptr<Closure>, ContextBody> body,
              Attempt* attempt = nullptr);
  ~StepContext();
  StepContext(const StepContext&) = delete;
  StepContext& operator=(const StepContext&) = delete;

  /// Fails with Jenkins' text when there is no node here.
  Result<HeldNode*> node();
  /// Absolute: `path` against the current directory.
  Result<std::string> resolve(const std::string& path);
  const std::string& directory() const { return context_.directory; }
  const Context& here() const { return context_; }
  const Stop& stop() const { return context_.stop; }
  RunFiles& files();
  /// The same in every execution of this pipeline.
  const StepId& id() const { return id_; }
  /// Whether there is a journal, from which the run may be resumed in the middle of this step.
  bool may_be_resumed() const;
  /// When an earlier process began this step, whose end nobody recorded; nothing if it is new.
  std::optional<std::chrono::milliseconds> begun() const;

  /// A line or more to the log, as output of the step.
  void print(std::string_view text);
  /// A line from cupel itself.
  void note(std::string_view line) { context_.note(line); }
  void output(place::Stream stream, std::string_view bytes);
  void worsen_run(model::Verdict verdict);
  model::Verdict run_verdict() { return context_.run.state.current(); }
  void worsen_stage(model::Verdict verdict);
  /// The last milestone that this run passed.
  std::optional<std::int64_t> milestone() { return context_.run.state.milestone(); }
  void pass_milestone(std::int64_t ordinal);

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
  /// Runs code that belongs to the pipeline: with the interpreter's lock, in the journal's order.
  Outcome<Value> in_turn(const Context& inner, const std::function<Outcome<Value>()>& code);
  /// A part of a step that `acquires` which must not simply run again with it: recorded as a step
  /// of this name and kind would be.
  using Part = std::function<Outcome<Value>(StepContext& context)>;
  Outcome<Value> recorded(std::string name, Replay replay, const Part& part);
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
  class MarkedFiles;
  void keep_told(place::Stream stream, std::string_view bytes);
  Attempt* attempt_;
  std::unique_ptr<MarkedFiles> files_;
};

/// Something that a pipeline can do. Called without the interpreter's lock (but for Replay::code),
/// from any thread; has no state of its own.
class Step {
 public:
  virtual ~Step() = default;
  virtual const syntax::StepSignature& signature() const = 0;
  virtual Outcome<Value> run(const Arguments& arguments, StepContext& context) const = 0;
  virtual Replay replay() const { return replay_of(signature()); }
};

/// Holds the signature for a step.
class SignedStep : public Step {
 public:
  explicit SignedStep(syntax::StepSignature signature);
  const syntax::StepSignature& signature() const override { return signature_; }
  Replay replay() const override { return replay_; }

 private:
  syntax::StepSignature signature_;
  Replay replay_;
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
