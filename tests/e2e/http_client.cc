#include "tests/e2e/http_client.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace suyuan::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr int kPatienceSeconds = 10;
constexpr uint64_t kBodyBytesMax = 64 << 20;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string HttpAnswer::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string() : found->second;
}

HttpAnswer HttpClient::post(const std::string& target, const std::string& json) {
  return send({.method = "POST",
               .target = target,
               .body = json,
               .headers = {{"Content-Type", "application/json"}}});
}

HttpAnswer HttpClient::send(const HttpAsked& asked) {
  std::string text = asked.method + " " + asked.target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : asked.headers) text += name + ": " + value + "\r\n";
  if (!asked.body.empty() || asked.method == "POST" || asked.method == "PUT") {
    text += "Content-Length: " + std::to_string(asked.body.size()) + "\r\n";
  }
  text += "\r\n" + asked.body;
  for (int attempt = 0; attempt < 2; ++attempt) {
    write(text);
    if (auto answer = read(asked.method == "HEAD")) return *std::move(answer);
    close();  // An idle connection that the node had closed meanwhile.
  }
  return {};
}

void HttpClient::open() {
  if (socket_) return;
  socket_.emplace(io_);
  socket_->connect({asio::ip::address_v4::loopback(), port_});
  const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    ::setsockopt(socket_->native_handle(), SOL_SOCKET, option, &patience, sizeof(patience));
  }
}

void HttpClient::close() { socket_.reset(); }

void HttpClient::write(std::string_view bytes) {
  open();
  error_code error;  // A node that refuses early may have closed its side: what it said is read all
                     // the same.
  asio::write(*socket_, asio::buffer(bytes.data(), bytes.size()), error);
}

std::optional<HttpAnswer> HttpClient::read(bool head) {
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kBodyBytesMax);
  parser.skip(head);
  error_code error;
  http::read(*socket_, buffer, parser, error);
  if (error) {
    close();
    return std::nullopt;
  }
  auto response = parser.release();
  HttpAnswer answer{
      .status = static_cast<int>(response.result_int()), .headers = {}, .body = response.body()};
  for (const auto& field : response) {
    const auto name = field.name_string();
    const auto value = field.value();
    answer.headers[lower({name.data(), name.size()})] = std::string(value.data(), value.size());
  }
  if (!response.keep_alive()) close();
  return answer;
}

std::map<int, size_t> send_until_taken(uint16_t port, const std::vector<HttpAsked>& all,
                                       size_t connections) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::mutex mutex;
  size_t next = 0;
  std::map<int, size_t> statuses;
  const auto take_next = [&]() -> const HttpAsked* {
    const std::scoped_lock lock(mutex);
    return next == all.size() ? nullptr : &all[next++];
  };
  const auto send_some = [&] {
    HttpClient client(port);
    while (const HttpAsked* asked = take_next()) {
      int status = 503;
      while (status == 503 && std::chrono::steady_clock::now() < give_up) {
        status = client.send(*asked).status;
        const std::scoped_lock lock(mutex);
        ++statuses[status];
      }
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < connections; ++i) threads.emplace_back(send_some);
  for (std::thread& thread : threads) thread.join();
  return statuses;
}

std::optional<double> metric(uint16_t port, std::string_view line) {
  const std::string all = HttpClient(port).get("/metrics").body;
  const std::string begin = "\n" + std::string(line) + " ";
  const size_t at = all.find(begin);
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(all.c_str() + at + begin.size(), nullptr);
}

std::string percent_encode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace suyuan::test
