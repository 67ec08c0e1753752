// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "machine/guest_place.hpp"
#include "support/guest_process.hpp"

namespace cupel {

/// A place as a machine is one, on this host: with the guest program and the channel behind it.
class ServedPlace final : public place::Place {
 public:
  /// `environment`: of each command, as the box has it.
  explicit ServedPlace(std::optional<os::Credentials> credentials,
                       std::map<std::string, std::string> environment = {})
      : served_(std::make_unique<Served>(GuestProcess::spawn(std::move(credentials)).value(),
                                         std::move(environment))),
        channel_(served_->connect()),
        place_(*channel_, "machine test", "", served_->kept.path()) {
    channel_->greet();
  }
  /// The same guest program and disk, after who spoke to it was killed.
  static std::unique_ptr<place::Place> after_death(std::unique_ptr<place::Place> earlier) {
    auto& dead = dynamic_cast<ServedPlace&>(*earlier);
    dead.channel_.reset();
    auto place = std::unique_ptr<ServedPlace>(new ServedPlace(std::move(dead.served_)));
    place->channel_->greet_after_another();
    return place;
  }
  std::string describe() const override { return place_.describe(); }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override {
    return place_.start(as_in_box(command), std::move(sink), stop);
  }
  bool keeps_commands() const override { return place_.keeps_commands(); }
  Result<std::unique_ptr<place::Session>> start_kept(const place::Command& command,
                                                     const std::string& directory,
                                                     place::OutputSink sink,
                                                     const Stop& stop) override {
    return place_.start_kept(as_in_box(command), directory, std::move(sink), stop);
  }
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override {
    return place_.push(source, directory, stop);
  }
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override {
    return place_.pull(directory, options, sink, stop);
  }

 private:
  /// What outlives the one who speaks to it.
  struct Served {
    Served(GuestProcess program, std::map<std::string, std::string> variables)
        : guest(std::move(program)),
          socket(guest.take_socket()),
          environment(std::move(variables)) {}
    std::unique_ptr<machine::GuestChannel> connect() const {
      return machine::GuestChannel::open(os::duplicate(socket.get()).value(), "the guest program")
          .value();
    }
    GuestProcess guest;
    os::Fd socket;
    std::map<std::string, std::string> environment;
    os::TempDir kept = os::TempDir::make("kept").value();
  };
  explicit ServedPlace(std::unique_ptr<Served> served)
      : served_(std::move(served)),
        channel_(served_->connect()),
        place_(*channel_, "machine test", "", served_->kept.path()) {}

  place::Command as_in_box(place::Command command) const {
    command.environment.insert(served_->environment.begin(), served_->environment.end());
    return command;
  }

  std::unique_ptr<Served> served_;
  std::unique_ptr<machine::GuestChannel> channel_;
  machine::GuestPlace place_;
};

}  // namespace cupel
