#include "node/epcis/webhook.h"

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

// A field that is not named: any, where no larger one is named below which it would be its first.
template <size_t N>
void fill(std::bitset<N>& bits, bool named, bool larger_named, size_t first) {
  if (named) return;
  if (larger_named)
    bits.set(first);
  else
    bits.set();
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
  if (address.is_unspecified() || address.is_multicast()) return true;
  if (address.is_v6()) {
    const auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) {
      return is_forbidden_address(
          boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6).to_string(), loopback);
    }
    return v6.is_link_local() || (v6.to_bytes()[0] & 0xFEU) == 0xFCU;
  }
  const auto bytes = address.to_v4().to_bytes();
  return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] >= 16 && bytes[1] < 32) ||
         (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254) ||
         (bytes[0] == 100 && bytes[1] >= 64 && bytes[1] < 128) || bytes[0] == 0;
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
  if (out.target.empty() || out.target.front() != '/') out.target.insert(0, "/");
  boost::system::error_code error;
  boost::asio::ip::make_address(out.host, error);
  const bool named_here = out.host == "localhost" || out.host.ends_with(".localhost");
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
    // Whole days, hours and minutes that cannot hold are passed over at once.
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
