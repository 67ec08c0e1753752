// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "machine/guest_channel.hpp"
#include "place/place.hpp"

namespace cupel::machine {

/// A machine as a place: commands run through its guest program.
class GuestPlace final : public place::Place {
 public:
  /// The channel has been greeted and outlives this. `name` is for people: "machine 3f2a". `user`
  /// is the default one.
  GuestPlace(GuestChannel& channel, std::string name, std::string user)
      : channel_(channel), name_(std::move(name)), user_(std::move(user)) {}

  std::string describe() const override { return name_; }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;

 private:
  GuestChannel& channel_;
  std::string name_;
  std::string user_;
};

}  // namespace cupel::machine
