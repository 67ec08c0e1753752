// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "place/drain.hpp"
#include "place/place.hpp"

namespace cupel::place {

/// What a command on this host sees by default: our environment, with PATH, HOME, USER, SHELL and
/// LANG where they are missing.
std::map<std::string, std::string> host_environment();

/// This very host. Commands run as we do, or as another user if we are root. Destroying it ends
/// all that its commands left in the background; its sessions must be gone by then.
class HostPlace final : public Place {
 public:
  explicit HostPlace(std::map<std::string, std::string> environment);
  /// With the cookie of a place of an earlier process, to go on with what it left, which ends with
  /// this place even if nothing is started here.
  HostPlace(std::map<std::string, std::string> environment, std::string cookie);
  ~HostPlace() override;

  std::string describe() const override { return "host"; }
  Result<std::unique_ptr<Session>> start(const Command& command, OutputSink sink,
                                         const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;
  bool keeps_commands() const override { return true; }
  /// Not as another user.
  Result<std::unique_ptr<Session>> start_kept(const Command& command, const std::string& directory,
                                              OutputSink sink, const Stop& stop) override;
  /// What marks all that its commands start.
  const std::string& cookie() const { return cookie_; }

 private:
  /// What a command is to see, and its program's file.
  struct Prepared {
    std::map<std::string, std::string> environment;
    std::string program;
    std::string directory;
  };
  Result<Prepared> prepare(const Command& command, const std::string& cookie, os::Spawn& spawn);
  std::map<std::string, std::string> environment_;
  std::string cookie_;     ///< what the cookies of all its sessions begin with
  bool taken_up_ = false;  ///< an earlier process may have started something
  std::atomic<unsigned> sessions_ = 0;
  Drain drain_;
};

}  // namespace cupel::place
