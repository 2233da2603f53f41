// suyuan-bench-http: asks a running node over HTTP where codes drawn at random come from, and
// prints one line of JSON: rate, latency, events in an answer.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

// Every so many answers one is parsed, to count its events; the clock stands still meanwhile.
constexpr size_t kParsedOneIn = 16;
constexpr size_t kWarmUp = 50;

struct Options {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string codes;
  std::string name = "trace";
  std::string path = "trace?events=false";
  size_t connections = 1;
  double seconds = 5;
  uint32_t seed = 1;
};

struct Samples {
  std::vector<double> ms;
  size_t parsed = 0;
  size_t events = 0;
  size_t fewest = SIZE_MAX;
};

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

class Asker {
 public:
  explicit Asker(const Options& options) : options_(options), socket_(io_) {
    socket_.connect({asio::ip::make_address(options.host), options.port});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  std::string ask(const std::string& code) {
    http::request<http::empty_body> request{
        http::verb::get, "/v1/codes/" + escaped(code) + "/" + options_.path, 11};
    request.set(http::field::host, options_.host);
    http::write(socket_, request);
    http::response<http::string_body> response;
    http::read(socket_, buffer_, response);
    if (response.result() != http::status::ok) {
      throw std::runtime_error("the node answered " + std::to_string(response.result_int()) +
                               ": " + response.body());
    }
    return std::move(response.body());
  }

 private:
  const Options& options_;
  asio::io_context io_;
  asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

Samples run_one(const Options& options, const std::vector<std::string>& codes, uint32_t seed) {
  Asker asker(options);
  std::mt19937 random(seed);
  std::uniform_int_distribution<size_t> any(0, codes.size() - 1);
  for (size_t i = 0; i < kWarmUp; ++i) asker.ask(codes[any(random)]);
  Samples samples;
  Clock::duration spent{};
  const auto limit = std::chrono::duration<double>(options.seconds);
  while (spent < limit) {
    const auto start = Clock::now();
    const std::string body = asker.ask(codes[any(random)]);
    const auto taken = Clock::now() - start;
    spent += taken;
    samples.ms.push_back(std::chrono::duration<double, std::milli>(taken).count());
    if (samples.ms.size() % kParsedOneIn != 0) continue;
    const auto answer = boost::json::parse(body);
    const auto& steps = answer.at_pointer("/trace/steps").as_array();
    ++samples.parsed;
    samples.events += steps.size();
    samples.fewest = std::min(samples.fewest, steps.size());
  }
  return samples;
}

double percentile(std::vector<double>& sorted, double p) {
  if (sorted.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(p * static_cast<double>(sorted.size())));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

int run(const Options& options) {
  std::vector<std::string> codes;
  std::ifstream file(options.codes);
  for (std::string line; std::getline(file, line);) codes.push_back(line);
  if (codes.empty()) throw std::runtime_error("no codes in " + options.codes);
  std::vector<Samples> all(options.connections);
  std::vector<std::string> failures(options.connections);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < options.connections; ++i) {
      threads.emplace_back([&, i] {
        try {
          all[i] = run_one(options, codes, options.seed + static_cast<uint32_t>(i));
        } catch (const std::exception& error) {
          failures[i] = error.what();
        }
      });
    }
  }
  Samples total;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!failures[i].empty()) throw std::runtime_error(failures[i]);
    total.ms.insert(total.ms.end(), all[i].ms.begin(), all[i].ms.end());
    total.parsed += all[i].parsed;
    total.events += all[i].events;
    total.fewest = std::min(total.fewest, all[i].fewest);
  }
  std::sort(total.ms.begin(), total.ms.end());
  const double rate = static_cast<double>(total.ms.size()) / options.seconds;
  const double events =
      total.parsed == 0 ? 0 : static_cast<double>(total.events) / static_cast<double>(total.parsed);
  std::printf(
      "{\"name\":\"%s\",\"connections\":%zu,\"codes\":%zu,\"asked\":%zu,\"perSecond\":%.0f,"
      "\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"meanEvents\":%.1f,\"fewestEvents\":%zu}\n",
      options.name.c_str(), options.connections, codes.size(), total.ms.size(), rate,
      percentile(total.ms, 0.50), percentile(total.ms, 0.99), events,
      total.parsed == 0 ? 0 : total.fewest);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr size_t kConnectionsMax = 256;
  constexpr double kSecondsMax = 3600;
  CLI::App app{"Asks a node over HTTP for the provenance of codes drawn at random."};
  Options options;
  app.add_option("--host", options.host)->capture_default_str();
  app.add_option("--port", options.port)->required();
  app.add_option("--codes", options.codes, "a code on each line")->required();
  app.add_option("--name", options.name, "name of the row")->capture_default_str();
  app.add_option("--path", options.path, "after /v1/codes/{code}/; its answer has steps")
      ->capture_default_str();
  app.add_option("--connections", options.connections, "each with one question in flight")
      ->check(CLI::Range(size_t{1}, kConnectionsMax))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds)
      ->check(CLI::Range(0.1, kSecondsMax))
      ->capture_default_str();
  app.add_option("--seed", options.seed)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::cerr << "suyuan-bench-http: " << error.what() << '\n';
    return 1;
  }
}
