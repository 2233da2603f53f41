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

// The p-th part of the values, 0 to 1; 0 where there are none.
double percentile(std::vector<double> values, double p);

// CPU seconds, user and system.
double own_cpu_seconds();
std::optional<double> process_cpu_seconds(int pid);  // nullopt: no such process

// Ed25519 verifications of a batch note's size per second, on all cores at once.
double verify_ceiling(double seconds);
// Synced appends of 4 KiB per second to a file in `folder`, one after the other. IO.
Result<double> sync_ceiling(const std::string& folder, double seconds);

std::string number_text(double value, int decimals);

}  // namespace suyuan
