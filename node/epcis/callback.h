// Sends one report to a subscriber's callback: an HTTP POST, signed if the subscriber gave a
// secret.
#pragma once

#include <boost/asio/io_context.hpp>
#include <mutex>
#include <set>
#include <string>

#include "node/epcis/webhook.h"

namespace suyuan::epcis {

struct Report {
  Destination to;
  std::string body;       // an EPCISQueryDocument
  std::string secret;     // signatureToken; empty: unsigned
  bool loopback = false;  // addresses of this machine are allowed
};
// Returns the header GS1-Signature: "sha256=<hex of HMAC-SHA-256 of the body>".
std::string signature_of(const std::string& secret, const std::string& body);

// Sends reports, each on its caller's thread, until it is stopped.
class Sender {
 public:
  // Blocks for at most ten seconds.
  // Errors: UNAVAILABLE (no answer, or none of 2xx), STOPPING (stop() was called before an answer
  // came; whether the report arrived is unknown).
  Result<Done> send(const Report& report);
  // Ends all waits for answers. Thread-safe.
  void stop();

 private:
  std::mutex mutex_;  // guards the two below; held only while they change
  bool stopped_ = false;
  std::set<boost::asio::io_context*> under_way_;
};

}  // namespace suyuan::epcis
