// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/outbox.hpp"
#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// Records a notification in the artifact notifications.jsonl, without secrets, and sends it where
/// the operator said how. A message that does not arrive is told, and no failure.
Outcome<void> notify(const Notification& notification, StepContext& context);

}  // namespace cupel::pipeline::steps
