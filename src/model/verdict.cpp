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

}  // namespace cupel::model
