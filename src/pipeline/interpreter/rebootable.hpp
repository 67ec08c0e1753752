// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/interpreter/node.hpp"
#include "place/reboot.hpp"

namespace cupel::pipeline {

/// What the lease of a machine can besides; other leases are none of these.
class Rebootable {
 public:
  virtual ~Rebootable() = default;
  /// Starts its system anew, and blocks until it is back. `sink` hears how it goes. denied: it
  /// cannot, since it would lose what nobody can restore.
  virtual Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                          const Stop& stop) = 0;
  /// What is known of why the command failed that ended there just now, beyond its status: one
  /// line; empty: nothing.
  virtual std::string reason_of_failure() = 0;
};

/// The same of any lease: denied where it is of no machine.
Result<> reboot(Lease& lease, const place::RebootOrder& order, const place::OutputSink& sink,
                const Stop& stop);
std::string reason_of_failure(Lease& lease);

}  // namespace cupel::pipeline
