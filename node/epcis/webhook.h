// Where and when a subscription reports: a callback's address, a schedule like cron's.
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
// http or https, without user name and fragment. `loopback`: an address of this machine is taken
// too, and plain http there. BAD_REQUEST.
Result<Destination> parse_destination(const std::string& url, bool loopback);
// Of an address that a host name was resolved to: where no callback goes, so that a subscriber
// cannot make the node ask inside its own network.
bool is_forbidden_address(const std::string& ip, bool loopback);

// EPCIS 2.0, 8.2.5.3: a field that is not named is any, but a lower one is its first.
struct Schedule {
  std::bitset<60> second, minute;
  std::bitset<24> hour;
  std::bitset<32> day_of_month;
  std::bitset<13> month;
  std::bitset<8> day_of_week;  // 1 is Monday
  bool holds(int64_t ms) const;
  // The first second after `ms` that it names, within a year. In UTC.
  std::optional<int64_t> next_after(int64_t ms) const;
};
// {"minute":"5","hour":"1,[3-5]"}. BAD_REQUEST.
Result<Schedule> parse_schedule(const std::string& json);

}  // namespace suyuan::epcis
