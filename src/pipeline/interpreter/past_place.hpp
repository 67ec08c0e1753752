// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "place/place.hpp"

namespace cupel::pipeline {

/// A place of an earlier process that was given back since. What is asked of it while that is
/// replayed was done then, and undone: commands do nothing and succeed, no file is there.
class PastPlace final : public place::Place {
 public:
  explicit PastPlace(std::string name) : name_(std::move(name)) {}
  std::string describe() const override { return name_; }
  Result<std::unique_ptr<place::Session>> start(const place::Command& command,
                                                place::OutputSink sink, const Stop& stop) override;
  Result<> push(const os::ByteSource& source, const std::string& directory,
                const Stop& stop) override;
  Result<os::PackSummary> pull(const std::string& directory, const os::PackOptions& options,
                               const os::ByteSink& sink, const Stop& stop) override;

 private:
  std::string name_;
};

}  // namespace cupel::pipeline
