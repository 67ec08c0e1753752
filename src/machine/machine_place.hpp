// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "machine/connection.hpp"
#include "place/place.hpp"
#include "place/reboot.hpp"

namespace cupel::machine {

/// A machine as a place, over its reboots. What is asked for while it reboots waits until it is
/// back. A command that is cut off by a reboot ends with it: with 0 if no other command ran, since
/// then it was its own doing; else with an error. What asked for a reboot and ended before it began
/// ends when the machine is back. Each tells of the reboot on its standard error.
class MachinePlace final : public place::Place {
 public:
  /// Borrows it for life.
  explicit MachinePlace(Connection& connection) : connection_(connection) {}

  std::string describe() const override { return connection_.name(); }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;
  bool keeps_commands() const override { return connection_.about().kept.has_value(); }
  Result<std::unique_ptr<place::Session>> start_kept(const place::Command& command,
                                                     const std::string& directory,
                                                     place::OutputSink sink,
                                                     const Stop& stop) override;

  /// Starts the machine anew and blocks until it is back. Other commands in it end with an error.
  Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink, const Stop& stop);

 private:
  Result<> reboot_with_files(const place::RebootOrder& order, const place::OutputSink& sink,
                             const Stop& stop);
  Result<> reboot_now(const place::RebootOrder& order, const place::OutputSink& sink,
                      const Stop& stop);
  Result<std::unique_ptr<place::Session>> finished_by_reboot(const std::filesystem::path& kept,
                                                             place::OutputSink sink);
  Connection& connection_;
};

}  // namespace cupel::machine
