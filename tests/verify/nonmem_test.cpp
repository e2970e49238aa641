// The engine against published results of other programs: see tests/support/verify.hpp for what is compared and the limits.

#include <doctest/doctest.h>

#include <cstdio>

#include "support/neutral_case.hpp"
#include "support/verify.hpp"

using namespace titrate::support;

namespace {

// One of each kind, so that sanitizers see them; `npm run verify` compares all.
const std::vector<std::string> kinds = {"nm001",        "nm002", "nm003", "nm201",     "nm301",        "nm402",
                                        "nm004",        "nm513", "nm921", "mb_blq_m3", "psl_mtx_iov1", "psl_vanco_goti_mlx",
                                        "wang2007_prop"};

}  // namespace

TEST_CASE("predictions, objectives, covariances and modes agree with NONMEM and Monolix within the stated limits") {
  const auto folder = validation_folder();
  for (const std::string& id : kinds) {
    CAPTURE(id);
    if (!folder) {
      std::printf("SKIPPED %s: validation folder not found\n", id.c_str());
      continue;
    }
    for (const VerifyRow& row : verify_case(*folder, id)) {
      CAPTURE(row.id);
      CHECK_MESSAGE(row.verdict == VerifyRow::Verdict::passed, row.words);
      CHECK(row.subjects > 0);
      for (const VerifyLimit& limit : verify_limits())
        if (const auto& value = row.*(limit.value); value) CHECK_MESSAGE(*value <= limit.limit, limit.name << " " << *value);
    }
  }
}
