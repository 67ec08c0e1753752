// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/operation.hpp"

namespace cupel::pipeline {

class Credentials;
class Jobs;
class Libraries;
class Locks;
class Milestones;
class Outbox;
class PastRuns;
class Prompts;

/// What a run may ask of its surroundings. Borrowed for the run; null where there is none, and the
/// step that needs it says so.
struct Services {
  Credentials* credentials = nullptr;
  Jobs* jobs = nullptr;
  Libraries* libraries = nullptr;
  Prompts* prompts = nullptr;
  Locks* locks = nullptr;
  Milestones* milestones = nullptr;
  Outbox* outbox = nullptr;
  const PastRuns* past_runs = nullptr;
  Operation operation = {};
};

}  // namespace cupel::pipeline
