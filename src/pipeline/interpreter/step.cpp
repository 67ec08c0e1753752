// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/step.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/digest.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

const Value* Arguments::find(std::string_view name) const {
  for (const auto& [known, value] : values_)
    if (known == name && !value.is_null()) return &value;
  return nullptr;
}

Result<std::string> Arguments::digest() const {
  Hasher hasher;
  for (const auto& [name, value] : values_) {
    hasher.feed_part(name).feed_part(value.type_name());
    hasher.feed_part(value.as_closure() ? "" : TRY(to_text(value)));
  }
  return hasher.finish().brief();
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

/// Files that wait for the step's end.
class StepContext::MarkedFiles final : public RunFiles {
 public:
  MarkedFiles(RunFiles& files, Marks& marks) : files_(files), marks_(marks) {}
  os::fs::path artifacts() const override { return files_.artifacts(); }
  os::fs::path stash(const std::string& name) const override { return files_.stash(name); }
  void add_artifacts(std::vector<std::string> paths) override {
    marks_.artifacts.insert(marks_.artifacts.end(), paths.begin(), paths.end());
  }
  void add_tests(std::vector<model::TestRecord> tests) override {
    marks_.tests.insert(marks_.tests.end(), tests.begin(), tests.end());
  }
  std::optional<os::fs::path> log() const override { return files_.log(); }
  void add_remark(std::string line) override { marks_.remarks.push_back(std::move(line)); }

 private:
  RunFiles& files_;
  Marks& marks_;
};

StepContext::StepContext(Context& context, StepId id,
                         std::variant<std::shared_ptr<Closure>, ContextBody> body, Attempt* attempt)
    : context_(context), id_(std::move(id)), attempt_(attempt) {
  if (auto* ours = std::get_if<ContextBody>(&body))
    native_ = std::move(*ours);
  else
    body_ = std::get<std::shared_ptr<Closure>>(std::move(body));
  if (attempt_) files_ = std::make_unique<MarkedFiles>(context_.run.files, attempt_->marks);
}

StepContext::~StepContext() = default;

RunFiles& StepContext::files() { return files_ ? *files_ : context_.run.files; }

bool StepContext::may_be_resumed() const { return context_.run.interpreter.turns().journaled(); }

std::optional<std::chrono::milliseconds> StepContext::begun() const {
  if (!attempt_ || !attempt_->begun) return std::nullopt;
  return attempt_->begun->at;
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
  if (native_) return in_turn(inner, [&] { return native_(inner); });
  CHECK(body_, "the step has no body");
  return call(*body_, std::move(values), inner);
}

Outcome<Value> StepContext::call(const Closure& closure, std::vector<Value> values,
                                 Context& inner) {
  return in_turn(inner,
                 [&] { return context_.run.interpreter.call(closure, std::move(values), inner); });
}

Outcome<Value> StepContext::in_turn(const Context& inner,
                                    const std::function<Outcome<Value>()>& code) {
  auto& interpreter = context_.run.interpreter;
  if (interpreter.turns().mine()) return code();
  auto entered = interpreter.enter(inner, "body");
  auto result = entered ? code() : Outcome<Value>(tl::unexpected(std::move(entered.error())));
  interpreter.leave();
  return result;
}

void StepContext::print(std::string_view text) {
  std::string lines(text);
  lines += '\n';
  output(place::Stream::out, lines);
}

void StepContext::output(place::Stream stream, std::string_view bytes) {
  bool again = false;
  for (auto* tap = context_.tap; tap; tap = tap->outer()) {
    tap->take(stream, bytes);
    again = again || tap->hears_again();
  }
  if (again && attempt_ && may_be_resumed()) keep_told(stream, bytes);
  context_.run.observer.output(context_.path, stream, bytes);
}

void StepContext::keep_told(place::Stream stream, std::string_view bytes) {
  auto& told = attempt_->told;
  std::size_t size = 0;
  for (const auto& one : told) size += one.bytes.size();
  if (size > most_told) return;
  if (told.empty() || told.back().stream != stream) told.push_back({stream, ""});
  told.back().bytes += bytes;
}

Outcome<Value> StepContext::recorded(std::string name, Replay replay, const Part& part) {
  // Inside of a step that is recorded as a whole, what the part marks is that step's.
  if (context_.branch->in_recorded_step) return part(*this);
  return context_.run.interpreter.perform({std::move(name), "", replay}, context_,
                                          [&](const StepId& id, Attempt& attempt) {
                                            StepContext own(context_, id, {}, &attempt);
                                            return part(own);
                                          });
}

void StepContext::pass_milestone(std::int64_t ordinal) {
  if (attempt_)
    attempt_->marks.milestone = ordinal;
  else
    context_.run.state.set_milestone(ordinal);
}

void StepContext::worsen_run(model::Verdict verdict) {
  if (!attempt_) return context_.run.state.worsen(verdict);
  auto& mark = attempt_->marks.run;
  mark = mark ? model::worst(*mark, verdict) : verdict;
}

void StepContext::worsen_stage(model::Verdict verdict) {
  if (attempt_) {
    auto& mark = attempt_->marks.stage;
    mark = mark ? model::worst(*mark, verdict) : verdict;
  } else if (context_.stage) {
    context_.stage->worsen(verdict);
  }
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

SignedStep::SignedStep(syntax::StepSignature signature)
    : signature_(std::move(signature)), replay_(replay_of(signature_)) {}

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
