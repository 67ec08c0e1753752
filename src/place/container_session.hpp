// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "place/place.hpp"

namespace cupel::place {

/// A command in a container: a session of the outer place, which says by a word of our own why the
/// command could not begin.
class ContainerSession final : public Session {
 public:
  struct Expected {
    std::string word;  ///< begins standard error if the command did not begin
    std::string directory, program, container;
  };
  ContainerSession(Expected expected, OutputSink sink)
      : expected_(std::move(expected)), sink_(std::move(sink)) {}

  using Start = std::function<Result<std::unique_ptr<Session>>(OutputSink)>;
  /// `start` starts it at the outer place.
  Result<> begin(const Start& start, Command::Streams streams);

  Result<os::Exit> wait(const Stop& stop) override;
  Result<> write(std::string_view bytes, const Stop& stop) override;
  Result<> close_input() override;
  Result<> resize(os::WindowSize size) override;
  Result<> signal(int number) override;
  Result<> kill_tree(Duration grace, const Stop& stop) override;

 private:
  void take(Stream stream, std::string_view bytes);
  void let_go();

  Expected expected_;
  OutputSink sink_;
  // Of the thread that delivers output:
  bool decided_ = false;
  Stream held_stream_ = Stream::err;
  std::string held_;
  std::unique_ptr<Session> session_;  // last: it calls take()
};

}  // namespace cupel::place
