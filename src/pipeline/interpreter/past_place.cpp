// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/past_place.hpp"

namespace cupel::pipeline {
namespace {

class PastSession final : public place::Session {
 public:
  Result<os::Exit> wait(const Stop&) override { return os::Exit{}; }
  Result<> write(std::string_view, const Stop&) override { return {}; }
  Result<> close_input() override { return {}; }
  Result<> resize(os::WindowSize) override { return {}; }
  Result<> signal(int) override { return {}; }
  Result<> kill_tree(Duration, const Stop&) override { return {}; }
};

}  // namespace

Result<std::unique_ptr<place::Session>> PastPlace::start(const place::Command&, place::OutputSink,
                                                         const Stop& stop) {
  TRY(stop.check());
  return std::make_unique<PastSession>();
}

Result<> PastPlace::push(const os::ByteSource& source, const std::string&, const Stop& stop) {
  while (!TRY(source()).empty()) TRY(stop.check());
  return {};
}

Result<os::PackSummary> PastPlace::pull(const std::string& directory, const os::PackOptions&,
                                        const os::ByteSink&, const Stop&) {
  return fail(Fault::not_found, "{} is gone with {}", directory, name_);
}

}  // namespace cupel::pipeline
