// Provenance bundles as of the newest published checkpoint.
#pragma once

#include "node/pipeline/published.h"
#include "proto/answers.h"

namespace suyuan {

// `code` is canonical. For a code that no event names: the bundle that proves this. Errors:
// TOO_COMPLEX, TOO_LARGE (above `bytes_max`), CORRUPT, IO.
Result<BundleText> answer_bundle(const Published& published, std::string_view code,
                                 size_t bytes_max, const Viewer& viewer);

}  // namespace suyuan
