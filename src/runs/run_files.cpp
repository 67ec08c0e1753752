// SPDX-License-Identifier: Apache-2.0
#include "runs/run_files.hpp"

#include <algorithm>

#include "base/digest.hpp"

namespace cupel::runs {

os::fs::path LocalRunFiles::stash(const std::string& name) const {
  return stashes_ / (digest_of(name).hex + ".tar");
}

void LocalRunFiles::add_artifacts(std::vector<std::string> paths) {
  auto collected = collected_.lock();
  auto& all = collected->artifacts;
  all.insert(all.end(), std::make_move_iterator(paths.begin()),
             std::make_move_iterator(paths.end()));
}

void LocalRunFiles::add_tests(std::vector<model::TestRecord> tests) {
  auto collected = collected_.lock();
  auto& all = collected->tests;
  all.insert(all.end(), std::make_move_iterator(tests.begin()),
             std::make_move_iterator(tests.end()));
}

std::vector<std::string> LocalRunFiles::collected_artifacts() const {
  auto all = collected_.lock()->artifacts;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<model::TestRecord> LocalRunFiles::collected_tests() const {
  return collected_.lock()->tests;
}

}  // namespace cupel::runs
