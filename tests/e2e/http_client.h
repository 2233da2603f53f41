// A small blocking HTTP/1.1 client for tests: whole requests, and bytes as they are where a test
// breaks the form.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan::test {

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  std::string header(const std::string& lower_case_name) const;
};

struct HttpAsked {
  std::string method = "GET";
  std::string target;
  std::string body = {};
  std::map<std::string, std::string> headers = {};
};

// One connection, kept alive between requests and opened again where the node closed it.
class HttpClient {
 public:
  explicit HttpClient(uint16_t port) : port_(port) {}

  HttpAnswer get(const std::string& target) { return send({.target = target}); }
  HttpAnswer post(const std::string& target, const std::string& json);
  HttpAnswer send(const HttpAsked& asked);

  // Bytes as they are. Each ends the test's wait with an error where the node does not read or
  // answer for ten seconds.
  void write(std::string_view bytes);
  // Nullopt: the node closed the connection instead of answering.
  std::optional<HttpAnswer> read(bool head = false);
  void close();

 private:
  void open();

  const uint16_t port_;
  boost::asio::io_context io_;
  std::optional<boost::asio::ip::tcp::socket> socket_;
};

// Sends all of them over several connections at once, and again what is answered 503, for at most a
// minute. Returns how often each status came.
std::map<int, size_t> send_until_taken(uint16_t port, const std::vector<HttpAsked>& all,
                                       size_t connections);

// What /metrics of the node shows: `line` is a metric's name with its labels, as it is written
// there. Nullopt: it is not there.
std::optional<double> metric(uint16_t port, std::string_view line);

// %XX for all but unreserved characters, so that a code is one segment of a path.
std::string percent_encode(std::string_view text);

}  // namespace suyuan::test
