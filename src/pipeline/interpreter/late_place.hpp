// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "place/place.hpp"

namespace cupel::pipeline {

/// A place that is looked for when something first runs there.
class LatePlace : public place::Place {
 public:
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;
  Result<std::unique_ptr<place::Session>> start_kept(const place::Command& command,
                                                     const std::string& directory,
                                                     place::OutputSink sink,
                                                     const Stop& stop) override;

 private:
  /// The place itself, which lives as long as this. May block. Any thread.
  virtual Result<place::Place*> there(const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
