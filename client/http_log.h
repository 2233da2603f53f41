// A log that a node, or any web server, serves over HTTP (formats.md 4).
#pragma once

#include <memory>
#include <string>

#include "client/audit/log_reader.h"
#include "ledger/proof/log_source.h"

namespace suyuan {

class HttpLog final : public LogSource {
 public:
  // `url`: what stands before "/checkpoint", such as http://127.0.0.1:7480/log. Nothing is sent
  // yet. https is checked against the system's authorities, or those of `ca_file` (PEM).
  // INVALID_FIELD: another form of address, no certificates in the file.
  static Result<std::unique_ptr<HttpLog>> open(const std::string& url,
                                               const std::string& ca_file = {});
  ~HttpLog() override;

  // A busy node is asked again, for half a minute at most. NOT_FOUND: the server has no such file;
  // UNAVAILABLE: no answer, or none that is of use; TOO_LARGE.
  Result<Bytes> read(const std::string& path) override;

 private:
  struct Impl;
  explicit HttpLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A way to the log for each thread that reads it. INVALID_FIELD as HttpLog::open.
Result<OpenLog> open_http_log(const std::string& url, const std::string& ca_file);

}  // namespace suyuan
