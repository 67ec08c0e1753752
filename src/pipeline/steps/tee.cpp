// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/node_access.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::size_t piece = 256U << 10;

/// Collects what a body prints, without its secrets.
class Collector final : public OutputTap {
 public:
  Collector(OutputTap* outer, StepContext& context, std::string path)
      : OutputTap(outer), context_(context), path_(std::move(path)) {}

  void take(place::Stream stream, std::string_view bytes) override {
    const auto patterns = context_.masks().patterns();
    std::string full;
    {
      auto state = state_.lock();
      auto& masked = state->masked[static_cast<std::size_t>(stream)];
      state->text += patterns ? masked.feed(bytes, *patterns) : std::string(bytes);
      if (state->text.size() < piece) return;
      full = std::exchange(state->text, {});
    }
    // What cannot be written is told at the end.
    if (auto written = append(full); !written && !failure_.lock()->has_value())
      *failure_.lock() = std::move(written.error());
  }

  Outcome<void> finish() {
    std::string rest;
    {
      auto state = state_.lock();
      if (const auto patterns = context_.masks().patterns())
        for (auto& masked : state->masked) state->text += masked.finish(*patterns);
      rest = std::exchange(state->text, {});
    }
    TRY(append(rest));
    auto failure = failure_.lock();
    if (failure->has_value()) return tl::unexpected(std::move(**failure));
    return {};
  }

 private:
  Outcome<void> append(const std::string& text) {
    const auto output = TRY(capture(
        context_, {"sh", "-c", "mkdir -p -- \"$(dirname -- \"$0\")\" && cat >> \"$0\"", path_},
        text));
    if (output.exit.status != 0) return raise("java.io.IOException", "tee: {}", output.err);
    return {};
  }

  struct State {
    std::string text;
    std::array<MaskedStream, 2> masked;
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
