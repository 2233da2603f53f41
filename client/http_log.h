// A log that a node, or any web server, serves over HTTP (formats.md 4).
#pragma once

#include <memory>
#include <string>

#include "client/audit/log_reader.h"
#include "ledger/proof/log_source.h"

namespace suyuan {

class HttpLog final : public LogSource {
 public:
  // `url`: the part before "/checkpoint", such as http://127.0.0.1:7480/log. Sends nothing yet.
  // https is verified against the system's authorities, or those of `ca_file` (PEM).
  // Errors: INVALID_FIELD (invalid address, or no certificates in the file).
  static Result<std::unique_ptr<HttpLog>> open(const std::string& url,
                                               const std::string& ca_file = {});
  ~HttpLog() override;

  // Retries while the server is busy, for at most half a minute, or says that it is asked too much
  // (client/patience.h).
  // Errors: NOT_FOUND (no such file on the server), UNAVAILABLE (no answer, or no usable one),
  // TOO_LARGE.
  Result<Bytes> read(const std::string& path) override;

 private:
  struct Impl;
  explicit HttpLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Returns a function that opens the log for each thread that reads it.
// Errors: INVALID_FIELD, as HttpLog::open.
Result<OpenLog> open_http_log(const std::string& url, const std::string& ca_file);

}  // namespace suyuan
