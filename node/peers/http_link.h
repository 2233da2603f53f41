// One exchange over HTTP or HTTPS with a witness or another node, and the resolution of its name.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/error.h"

namespace suyuan {

// Where the other side listens: "http://<address on loopback>:<port>[/<prefix>]", or
// "https://<name or address>[:<port>][/<prefix>]".
struct LinkUrl {
  bool tls = false;
  std::string host;
  uint16_t port = 0;
  std::string prefix = {};  // without a slash at its end
  friend bool operator==(const LinkUrl&, const LinkUrl&) = default;
};
// Errors: INVALID_FIELD (another form; plain HTTP beyond loopback).
Result<LinkUrl> parse_link_url(std::string_view text);

// The authorities of the other side's certificate: the system's, or those in the file, which
// `option` names. Errors: NOT_FOUND (no such file), INVALID_FIELD (no certificates in it, or
// more than 1 MiB), IO.
Result<std::shared_ptr<boost::asio::ssl::context>> link_trust(const std::string& ca_file,
                                                              const char* option);

// The addresses of names, resolved on a separate thread: a checkpoint waits for no name server.
class LinkNames {
 public:
  LinkNames();
  // Waits for a name server that is being queried.
  ~LinkNames();
  LinkNames(const LinkNames&) = delete;
  LinkNames& operator=(const LinkNames&) = delete;

  // What is known about the host. An unknown name, or one not resolved lately, is resolved in the
  // background. `failure`: why there is no address.
  struct Known {
    std::vector<boost::asio::ip::address> addresses = {};  // tried in turn
    std::string failure = {};
  };
  Known find(const std::string& host);

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

struct LinkExchange {
  LinkUrl to;
  std::string path = "/add-checkpoint";  // after the URL's prefix
  std::vector<boost::asio::ip::address> addresses;
  std::string body;  // of the POST
  std::shared_ptr<boost::asio::ssl::context> trust = nullptr;  // of HTTPS
  std::chrono::milliseconds time_max{0};  // for the whole exchange
  size_t answer_bytes_max = 0;
};
struct LinkReply {
  int status = 0;  // 0: no answer
  std::string body;
  std::string failure;
};
// A peer may only delay its own cosignature: size and time are bounded.
boost::asio::awaitable<LinkReply> exchange_over_link(LinkExchange exchange);

}  // namespace suyuan
