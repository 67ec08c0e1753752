// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/stop.hpp"

namespace cupel::pipeline {

/// What a notifier (mail, slackSend, ...) would tell the world.
struct Notification {
  std::string step;     ///< "slackSend"
  std::string to;       ///< addresses or a channel, as written
  std::string subject;  ///< of a mail
  std::string text;
  std::map<std::string, std::string> more;  ///< the step's other arguments
};

/// Where notifications go. Any thread.
class Outbox {
 public:
  enum class Sent { yes, not_configured };
  virtual ~Outbox() = default;
  virtual Result<Sent> send(const Notification& notification, const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
