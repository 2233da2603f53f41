// Where and when a subscription reports: a callback's address, and a schedule like cron's.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::epcis {

struct Destination {
  bool tls = false;
  std::string host;
  std::string port;
  std::string target;  // path and query
};
// http or https, without user name and fragment. `loopback`: also allow addresses of this machine,
// and plain http there.
// Errors: BAD_REQUEST.
Result<Destination> parse_destination(const std::string& url, bool loopback);
// Returns true if no callback may go to this resolved address. This keeps subscribers from making
// the node send requests inside its own network.
bool is_forbidden_address(const std::string& ip, bool loopback);

// EPCIS 2.0, 8.2.5.3: a field that is not given matches any value; but if it is finer than all
// given fields, it matches only its first value.
struct Schedule {
  std::bitset<60> second, minute;
  std::bitset<24> hour;
  std::bitset<32> day_of_month;
  std::bitset<13> month;
  std::bitset<8> day_of_week;  // 1 is Monday
  bool holds(int64_t ms) const;
  // Returns the first matching second after `ms`, within a year, in UTC.
  std::optional<int64_t> next_after(int64_t ms) const;
};
// Example: {"minute":"5","hour":"1,[3-5]"}.
// Errors: BAD_REQUEST.
Result<Schedule> parse_schedule(const std::string& json);

}  // namespace suyuan::epcis
