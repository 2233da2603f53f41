#include "bench/asker.h"

#include <unistd.h>

#include <algorithm>
#include <boost/beast/http.hpp>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace suyuan::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr uint64_t kAnswerBytesMax = uint64_t{256} << 20;

double metric(const std::string& text, const std::string& name) {
  const size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size() + 2));
}

// User and system time are fields 14 and 15. Field 2, in parentheses, may hold spaces.
double cpu_seconds_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const size_t end = text.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream fields(text.substr(end + 1));
  std::string skipped;
  constexpr int kBefore = 11;
  for (int i = 0; i < kBefore; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

std::string escaped(const std::string& code) {
  constexpr std::string_view kFree = "-._~";
  std::string out;
  for (const char c : code) {
    if (std::isalnum(static_cast<unsigned char>(c)) || kFree.find(c) != std::string_view::npos) {
      out += c;
    } else {
      char hex[4];
      std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
      out += hex;
    }
  }
  return out;
}

Asker::Asker(std::string host, uint16_t port) : host_(std::move(host)), socket_(io_) {
  socket_.connect({asio::ip::make_address(host_), port});
  socket_.set_option(asio::ip::tcp::no_delay(true));
}

std::string Asker::get(const std::string& target) {
  http::request<http::empty_body> request{http::verb::get, target, 11};
  request.set(http::field::host, host_);
  http::write(socket_, request);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  http::read(socket_, buffer_, parser);
  auto& response = parser.get();
  if (response.result() != http::status::ok) {
    throw std::runtime_error("the node answered " + std::to_string(response.result_int()) + ": " +
                             response.body());
  }
  return std::move(response.body());
}

NodeUse node_use(Asker& asker, int pid) {
  const std::string text = "\n" + asker.get("/metrics");
  return {.cpu_seconds = pid == 0 ? 0 : cpu_seconds_of(pid),
          .blocks_found = metric(text, "suyuan_store_block_cache_hits_total"),
          .blocks_read = metric(text, "suyuan_store_block_cache_misses_total")};
}

NodeUse operator-(const NodeUse& after, const NodeUse& before) {
  return {.cpu_seconds = after.cpu_seconds - before.cpu_seconds,
          .blocks_found = after.blocks_found - before.blocks_found,
          .blocks_read = after.blocks_read - before.blocks_read};
}

double percentile_of(const std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(p * static_cast<double>(sorted.size())));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace suyuan::bench
