// The report's tables of the part scale: how Suyuan grows (bench/scale.sh).
#pragma once

#include "bench/report_rows.h"

namespace suyuan::bench {

void print_scale(const std::vector<json::object>& all);

}  // namespace suyuan::bench
