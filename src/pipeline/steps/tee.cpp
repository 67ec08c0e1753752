// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t piece = 256U << 10;

/// Writes behind what a file of the node has; with a size: behind that many bytes, over what an
/// attempt that was cut off wrote there.
constexpr auto append_script =
    "mkdir -p -- \"$(dirname -- \"$0\")\" && touch -- \"$0\" && "
    "if test -n \"$1\" && test \"$(wc -c <\"$0\")\" -gt \"$1\"; then truncate -s \"$1\" \"$0\"; fi "
    "&& "
    "cat >>\"$0\"";
constexpr auto size_script = "if test -e \"$0\"; then wc -c <\"$0\"; else echo 0; fi";

Outcome<Value> append(StepContext& context, const std::string& path, const std::string& size,
                      const std::string& text) {
  const auto output = TRY(capture(context, {"sh", "-c", append_script, path, size}, text));
  if (output.exit.status != 0) return raise("java.io.IOException", "tee: {}", output.err);
  return Value();
}

Outcome<Value> size_of(StepContext& context, const std::string& path) {
  const auto output = TRY(capture(context, {"sh", "-c", size_script, path}));
  if (output.exit.status != 0) return raise("java.io.IOException", "tee: {}", output.err);
  return Value(std::string(trim(output.out)));
}

/// Collects what a body prints, without its secrets. Of a run that may be resumed all is kept until
/// the body ends, and then written as one recorded part of the step: a resumed run hears again what
/// was printed before.
class Collector final : public OutputTap {
 public:
  Collector(OutputTap* outer, StepContext& context, std::string path)
      : OutputTap(outer), context_(context), path_(std::move(path)) {}

  void take(place::Stream stream, std::string_view bytes) override {
    const auto patterns = context_.masks().patterns();
    const bool keeps = hears_again();
    std::string full;
    {
      auto state = state_.lock();
      state->too_much = state->too_much || (keeps && state->text.size() > most_told);
      if (state->too_much) return;
      auto& masked = state->masked[static_cast<std::size_t>(stream)];
      state->text += patterns ? masked.feed(bytes, *patterns) : std::string(bytes);
      if (keeps || state->text.size() < piece) return;
      full = std::exchange(state->text, {});
    }
    // What cannot be written is told at the end.
    if (auto written = append(context_, path_, "", full); !written && !failure_.lock()->has_value())
      *failure_.lock() = std::move(written.error());
  }
  bool hears_again() const override { return context_.may_be_resumed(); }

  Outcome<void> finish() {
    std::string rest;
    {
      auto state = state_.lock();
      if (state->too_much)
        return raise("java.io.IOException",
                     "tee: its body printed more than {} MiB, which a run with a journal does not "
                     "keep",
                     most_told >> 20);
      if (const auto patterns = context_.masks().patterns())
        for (auto& masked : state->masked) state->text += masked.finish(*patterns);
      rest = std::exchange(state->text, {});
    }
    TRY(hears_again() ? append_recorded(rest) : append(context_, path_, "", rest));
    auto failure = failure_.lock();
    if (failure->has_value()) return tl::unexpected(std::move(**failure));
    return {};
  }

 private:
  Outcome<Value> append_recorded(const std::string& text) {
    const auto size = TRY(context_.recorded(
        "tee size", Replay::reads, [&](StepContext& part) { return size_of(part, path_); }));
    return context_.recorded("tee end", Replay::repeatable, [&](StepContext& part) {
      return append(part, path_, size.as_text() ? *size.as_text() : "", text);
    });
  }

  struct State {
    std::string text;
    std::array<MaskedStream, 2> masked;
    bool too_much = false;
  };
  StepContext& context_;
  std::string path_;
  Locked<State> state_;
  Locked<std::optional<Signal>> failure_;
};

/// tee('file') { ... }
class Tee final : public SignedStep {
 public:
  Tee()
      : SignedStep(block("tee", "file", "Appends what the steps of its body print to a file too",
                         {needs("file", Kind::text, "The file of the node")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    Collector collector(inner.tap, context, TRY(context.resolve(TRY(arguments.text("file")))));
    inner.tap = &collector;
    auto result = context.run_body(inner);
    auto written = collector.finish();
    if (result && !written) return tl::unexpected(std::move(written.error()));
    return result;
  }
};

}  // namespace

std::unique_ptr<Step> make_tee() { return std::make_unique<Tee>(); }

}  // namespace cupel::pipeline::steps
