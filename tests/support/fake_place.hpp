// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "base/locked.hpp"
#include "os/files.hpp"
#include "place/place.hpp"

namespace cupel {

/// A place where commands do only what the test says beforehand. Each start takes the next script:
/// will_print() adds to the script in the making, will_exit() or will_run() completes it. Without a
/// script a command prints nothing and exits with 0. Files are real, below a temporary directory.
class FakePlace final : public place::Place {
 public:
  FakePlace& will_print(std::string text, place::Stream stream = place::Stream::out) {
    next_.prints.emplace_back(stream, std::move(text));
    return *this;
  }
  FakePlace& will_exit(int status) {
    next_.exit = {status, 0};
    scripts_.lock()->push_back(std::exchange(next_, {}));
    return *this;
  }
  /// Until it is stopped and killed.
  FakePlace& will_run() {
    next_.forever = true;
    return will_exit(143);
  }
  /// The next start fails.
  FakePlace& will_refuse(Fault fault, std::string text) {
    next_.refusal = Error(fault, std::move(text));
    return will_exit(0);
  }

  /// What was started so far.
  std::vector<place::Command> commands() { return *commands_.lock(); }
  /// Where the file tree of this place really is.
  os::fs::path path_of(const std::string& directory) const {
    return root_.path().string() + "/" + directory;
  }

  std::string describe() const override { return "fake"; }

  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override {
    TRY(stop.check());
    commands_.lock()->push_back(command);
    Script script;
    {
      auto scripts = scripts_.lock();
      if (!scripts->empty()) {
        script = std::move(scripts->front());
        scripts->pop_front();
      }
    }
    if (script.refusal) return tl::unexpected<Error>(*script.refusal);
    return std::make_unique<FakeSession>(std::move(script), std::move(sink));
  }
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override {
    TRY(os::unpack(source, path_of(directory), {}, stop));
    return {};
  }
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override {
    return os::pack(path_of(directory), options, sink, stop);
  }

 private:
  struct Script {
    std::vector<std::pair<place::Stream, std::string>> prints;
    os::Exit exit;
    bool forever = false;
    std::optional<Error> refusal;
  };

  class FakeSession final : public place::Session {
   public:
    FakeSession(Script script, place::OutputSink sink)
        : script_(std::move(script)), sink_(std::move(sink)) {}

    Result<os::Exit> wait(const Stop& stop) override {
      for (const auto& [stream, text] : std::exchange(script_.prints, {})) sink_(stream, text);
      if (script_.forever) TRY(killed_.wait(stop, [](bool killed) { return killed; }));
      return script_.exit;
    }
    Result<> write(std::string_view, const Stop&) override { return {}; }
    Result<> close_input() override { return {}; }
    Result<> resize(os::WindowSize) override { return {}; }
    Result<> signal(int number) override {
      script_.exit = {128 + number, number};
      return kill_tree({}, Stop{});
    }
    Result<> kill_tree(Duration, const Stop&) override {
      *killed_.lock() = true;
      killed_.notify();
      return {};
    }

   private:
    Script script_;
    place::OutputSink sink_;
    Locked<bool> killed_;
  };

  Script next_;
  Locked<std::deque<Script>> scripts_;
  Locked<std::vector<place::Command>> commands_;
  os::TempDir root_ = make_root();

  static os::TempDir make_root() {
    auto root = os::TempDir::make("fake-place");
    CHECK(root, "{}", root.error().text());
    return std::move(*root);
  }
};

}  // namespace cupel
