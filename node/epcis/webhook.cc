#include "node/epcis/webhook.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <chrono>

#include "ledger/base/text.h"
#include "proto/jsontext/document.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kUrlBytesMax = 2048;
constexpr int64_t kSecondMs = 1000;
constexpr int64_t kYearSeconds = int64_t{366} * 24 * 3600;

Unexpected<Error> bad_control(std::string message, std::string field) {
  return fail(Code::BAD_REQUEST, std::move(message), std::move(field));
}

// "5", "1,[3-5]"
template <size_t N>
Result<Done> parse_field(std::string_view text, unsigned first, const std::string& name,
                         std::bitset<N>& out) {
  for (auto part : split(text, ',')) {
    const bool range = part.starts_with('[') && part.ends_with(']');
    if (range) part = part.substr(1, part.size() - 2);
    const size_t dash = part.find('-');
    const auto from = from_decimal(part.substr(0, dash));
    const auto to = dash == std::string_view::npos ? from : from_decimal(part.substr(dash + 1));
    const bool form = range == (dash != std::string_view::npos);
    if (!form || !from || !to || *from < first || *to >= N || *from > *to) {
      return bad_control(quote(text) + ": expected numbers from " + std::to_string(first) + " to " +
                     std::to_string(N - 1) + " and ranges [a-b], with commas between them",
                 "schedule." + name);
    }
    for (uint64_t i = *from; i <= *to; ++i) out.set(static_cast<size_t>(i));
  }
  return Done{};
}

struct Named {
  bool second = false, minute = false, hour = false, day_of_month = false, month = false,
       day_of_week = false;
};

Result<Done> parse_member(JsonValue member, Schedule& out, Named& named) {
  const std::string& name = member.name();
  if (member.kind() != NodeKind::text && member.kind() != NodeKind::number)
    return bad_control("expected a text", "schedule." + name);
  const std::string& text = member.value();
  if (name == "second") return named.second = true, parse_field(text, 0, name, out.second);
  if (name == "minute") return named.minute = true, parse_field(text, 0, name, out.minute);
  if (name == "hour") return named.hour = true, parse_field(text, 0, name, out.hour);
  if (name == "dayOfMonth")
    return named.day_of_month = true, parse_field(text, 1, name, out.day_of_month);
  if (name == "month") return named.month = true, parse_field(text, 1, name, out.month);
  if (name == "dayOfWeek")
    return named.day_of_week = true, parse_field(text, 1, name, out.day_of_week);
  return bad_control("there is no such field", "schedule." + name);
}

// A field that is not given: any value, or only the first value if a larger field is given.
template <size_t N>
void fill(std::bitset<N>& bits, bool named, bool larger_named, size_t first) {
  if (named) return;
  if (larger_named)
    bits.set(first);
  else
    bits.set();
}

// IANA's registry of IPv4 special-purpose addresses: everything outside the public network.
bool is_special(const boost::asio::ip::address_v4& address) {
  struct Range {
    uint32_t begin;
    unsigned bits;
  };
  constexpr Range kRanges[] = {
      {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
      {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
      {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 3}};
  const uint32_t given = address.to_uint();
  return std::any_of(std::begin(kRanges), std::end(kRanges), [&](const Range& range) {
    return (given >> (32 - range.bits)) == (range.begin >> (32 - range.bits));
  });
}

using V6Bytes = boost::asio::ip::address_v6::bytes_type;

// 64:ff9b::/96 (RFC 6052): the last four bytes are the address that the translator connects to.
bool is_translated(const V6Bytes& bytes) {
  constexpr std::array<uint8_t, 12> kBegins = {0, 0x64, 0xFF, 0x9B};
  return std::equal(kBegins.begin(), kBegins.end(), bytes.begin());
}

// Addresses of 2000::/3, except those that embed an IPv4 address in another way (6to4, Teredo) and
// those for examples.
bool is_global(const V6Bytes& bytes) {
  if ((bytes[0] & 0xE0U) != 0x20U) return false;
  const unsigned first = bytes[0] * 256U + bytes[1];
  const unsigned second = bytes[2] * 256U + bytes[3];
  return first != 0x2002 && !(first == 0x2001 && (second < 0x200 || second == 0xDB8));
}

// Allows letters, digits, '-', '.', '_', and ':' of IPv6. Names in other scripts must be in their
// ASCII form. Percent signs were decoded, and what they encoded must not get into a header.
bool is_host(std::string_view host) {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == ':';
  });
}

bool is_port(std::string_view port) {
  const auto number = from_decimal(port);
  return number && *number > 0 && *number <= 0xFFFF;
}

struct Clock {
  unsigned second, minute, hour, day, month, week_day;
};

Clock clock_of(int64_t ms) {
  using namespace std::chrono;
  const sys_seconds at{seconds{ms / kSecondMs - (ms % kSecondMs < 0 ? 1 : 0)}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<seconds> time{at - day};
  return {.second = static_cast<unsigned>(time.seconds().count()),
          .minute = static_cast<unsigned>(time.minutes().count()),
          .hour = static_cast<unsigned>(time.hours().count()),
          .day = static_cast<unsigned>(date.day()),
          .month = static_cast<unsigned>(date.month()),
          .week_day = weekday{day}.iso_encoding()};
}

}  // namespace

bool is_forbidden_address(const std::string& ip, bool loopback) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(ip, error);
  if (error) return true;
  if (address.is_loopback()) return !loopback;
  if (address.is_v4()) return is_special(address.to_v4());
  const auto v6 = address.to_v6();
  const auto bytes = v6.to_bytes();
  if (v6.is_v4_mapped() || is_translated(bytes)) {
    const boost::asio::ip::address_v4::bytes_type inner = {bytes[12], bytes[13], bytes[14],
                                                           bytes[15]};
    return is_forbidden_address(boost::asio::ip::make_address_v4(inner).to_string(), loopback);
  }
  return !is_global(bytes);
}

Result<Destination> parse_destination(const std::string& url, bool loopback) {
  const auto parsed = boost::urls::parse_absolute_uri(url);
  if (url.size() > kUrlBytesMax || !parsed || parsed->has_userinfo() || parsed->host().empty() ||
      (parsed->scheme() != "http" && parsed->scheme() != "https")) {
    return bad_control("expected an http or https address without user name and fragment", "dest");
  }
  Destination out{.tls = parsed->scheme() == "https",
                  .host = parsed->host_address(),
                  .port = std::string(parsed->port()),
                  .target = std::string(parsed->encoded_target())};
  if (out.port.empty()) out.port = out.tls ? "443" : "80";
  // The parser ends a numeric host after its digits, and takes the rest of "8.8.8.8.example" for a
  // path.
  const bool whole =
      out.target.empty() || out.target.front() == '/' || out.target.front() == '?';
  if (out.target.empty() || out.target.front() != '/') out.target.insert(0, "/");
  boost::system::error_code error;
  boost::asio::ip::make_address(out.host, error);
  const bool named = error && out.host.find(':') == std::string::npos;
  if (!whole || !is_host(out.host) || (error && !named) || !is_port(out.port)) {
    return bad_control("expected a host of letters, digits, '-', '.' and '_', or an address; and a "
                       "port of 1 to 65535",
                       "dest");
  }
  std::string_view name = out.host;
  if (name.ends_with('.')) name.remove_suffix(1);
  const bool named_here = name == "localhost" || name.ends_with(".localhost");
  if ((!error && is_forbidden_address(out.host, loopback)) || (named_here && !loopback))
    return bad_control("callbacks do not go to this machine or into private networks", "dest");
  return out;
}

bool Schedule::holds(int64_t ms) const {
  const Clock at = clock_of(ms);
  return second[at.second] && minute[at.minute] && hour[at.hour] && day_of_month[at.day] &&
         month[at.month] && day_of_week[at.week_day];
}

std::optional<int64_t> Schedule::next_after(int64_t ms) const {
  int64_t at = (ms / kSecondMs + 1) * kSecondMs;
  const int64_t end = at + kYearSeconds * kSecondMs;
  while (at < end) {
    const Clock clock = clock_of(at);
    // Skips whole days, hours and minutes that cannot match.
    const int64_t into_minute = clock.second;
    const int64_t into_hour = int64_t{clock.minute} * 60 + into_minute;
    const int64_t into_day = int64_t{clock.hour} * 3600 + into_hour;
    if (!month[clock.month] || !day_of_month[clock.day] || !day_of_week[clock.week_day])
      at += (int64_t{24} * 3600 - into_day) * kSecondMs;
    else if (!hour[clock.hour])
      at += (3600 - into_hour) * kSecondMs;
    else if (!minute[clock.minute])
      at += (60 - into_minute) * kSecondMs;
    else if (!second[clock.second])
      at += kSecondMs;
    else
      return at;
  }
  return std::nullopt;
}

Result<Schedule> parse_schedule(const std::string& json) {
  SUYUAN_TRY(document, parse_json(json));
  if (document.root().kind() != NodeKind::object || document.root().size() == 0)
    return bad_control("a schedule names at least one field", "schedule");
  Schedule schedule;
  Named named;
  for (const JsonValue member : document.root())
    SUYUAN_TRY_DONE(parse_member(member, schedule, named));
  const bool day = named.day_of_month || named.day_of_week || named.month;
  fill(schedule.second, named.second, named.minute || named.hour || day, 0);
  fill(schedule.minute, named.minute, named.hour || day, 0);
  fill(schedule.hour, named.hour, day, 0);
  fill(schedule.day_of_month, named.day_of_month, named.month && !named.day_of_week, 1);
  fill(schedule.month, named.month, false, 1);
  fill(schedule.day_of_week, named.day_of_week, false, 1);
  return schedule;
}

}  // namespace suyuan::epcis
