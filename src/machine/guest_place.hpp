// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "machine/guest_channel.hpp"
#include "place/place.hpp"

namespace cupel::machine {

/// A machine as a place: commands run through its guest program.
class GuestPlace final : public place::Place {
 public:
  /// The channel has been greeted and outlives this. `name` is for people: "machine 3f2a". `user`
  /// is the default one. `kept` is a directory of this host that lives as long as the machine: for
  /// what commands print that outlive us; without it none do.
  GuestPlace(GuestChannel& channel, std::string name, std::string user,
             std::optional<std::filesystem::path> kept = std::nullopt)
      : channel_(channel), name_(std::move(name)), user_(std::move(user)), kept_(std::move(kept)) {}

  std::string describe() const override { return name_; }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;
  bool keeps_commands() const override { return kept_.has_value(); }
  Result<std::unique_ptr<place::Session>> start_kept(const place::Command& command,
                                                     const std::string& directory,
                                                     place::OutputSink sink,
                                                     const Stop& stop) override;

 private:
  wire::Start order_of(const place::Command& command) const;
  GuestChannel& channel_;
  std::string name_;
  std::string user_;
  std::optional<std::filesystem::path> kept_;
};

}  // namespace cupel::machine
