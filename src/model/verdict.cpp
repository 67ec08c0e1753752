// SPDX-License-Identifier: Apache-2.0
#include "model/verdict.hpp"

namespace cupel::model {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::success: return "SUCCESS";
    case Verdict::unstable: return "UNSTABLE";
    case Verdict::failure: return "FAILURE";
    case Verdict::not_built: return "NOT_BUILT";
    case Verdict::aborted: return "ABORTED";
  }
  return "FAILURE";
}

std::optional<Verdict> verdict_named(std::string_view text) {
  for (const auto verdict : {Verdict::success, Verdict::unstable, Verdict::failure,
                             Verdict::not_built, Verdict::aborted})
    if (name(verdict) == text) return verdict;
  return std::nullopt;
}

}  // namespace cupel::model
