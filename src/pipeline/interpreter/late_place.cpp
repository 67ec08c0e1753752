// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/late_place.hpp"

namespace cupel::pipeline {

Result<std::unique_ptr<place::Session>> LatePlace::start(const place::Command& command,
                                                         place::OutputSink sink, const Stop& stop) {
  return TRY(there(stop))->start(command, std::move(sink), stop);
}

Result<> LatePlace::push(const os::ByteSource& source, const std::string& directory,
                         const Stop& stop) {
  return TRY(there(stop))->push(source, directory, stop);
}

Result<os::PackSummary> LatePlace::pull(const std::string& directory,
                                        const os::PackOptions& options, const os::ByteSink& sink,
                                        const Stop& stop) {
  return TRY(there(stop))->pull(directory, options, sink, stop);
}

Result<std::unique_ptr<place::Session>> LatePlace::start_kept(const place::Command& command,
                                                              const std::string& directory,
                                                              place::OutputSink sink,
                                                              const Stop& stop) {
  return TRY(there(stop))->start_kept(command, directory, std::move(sink), stop);
}

}  // namespace cupel::pipeline
