// Clocks and ceilings of the bench: what this machine can do at best, and what a process has used.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

using BenchClock = std::chrono::steady_clock;
double seconds_since(BenchClock::time_point start);

// Returns the value at fraction `p` (0 to 1) of the sorted values; 0 if there are none.
double percentile(std::vector<double> values, double p);

// Returns CPU seconds of this process, user and system.
double own_cpu_seconds();
std::optional<double> process_cpu_seconds(int pid);  // nullopt: no such process

// Measures Ed25519 verifications per second over a message as long as a batch note, on all cores at
// once.
double verify_ceiling(double seconds);
// Measures synced appends of 4 KiB per second to a file in `folder`, one after the other.
// Errors: IO.
Result<double> sync_ceiling(const std::string& folder, double seconds);

std::string number_text(double value, int decimals);

}  // namespace suyuan
