// Reads one HTTP request from bytes, wherever they come from: Beast's parser within our bounds.
// Internal to this module; the connection has the sockets and the deadlines.
//
// Beast bounds a head that arrives at once. It does not bound a head that arrives field by field,
// nor the extensions and trailers of chunks, so those are counted here. It adds trailers to the
// head's fields; here the request is what its head says (RFC 9110 6.5.1), since a proxy judges and
// completes only that.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "node/http/growing_body.h"
#include "node/http/server.h"

namespace suyuan::http {

class RequestReader {
 public:
  using Buffer = boost::beast::flat_buffer;
  using Error = boost::system::error_code;
  using Message = boost::beast::http::request<GrowingBody>;

  // Bytes to read at a time. A body is consumed as it comes, so its pieces are larger.
  static constexpr size_t kHeadReadBytes = 2 << 10;
  static constexpr size_t kBodyReadBytes = 16 << 10;

  explicit RequestReader(const ServerLimits& limits);
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  // Takes from `from` what it has of the head. Returns true when the head is whole, or with an
  // error; false: it needs more bytes. Requires: it did not return true before.
  // Errors: Beast's; header_limit (more than header_bytes_max), body_limit (of an announced body).
  bool read_head(Buffer& from, Error& error);
  // Takes a piece of the body. Returns false if it needs more bytes. What follows the request
  // stays in `from`. Requires: the head is whole, !is_done().
  // Errors: Beast's; header_limit (more than header_bytes_max between two pieces), body_limit.
  bool read_body(Buffer& from, Error& error);

  bool is_done() const { return parser_.is_done(); }  // head and body are whole
  // The most that the next read takes.
  size_t bytes_to_read() const {
    return parser_.is_header_done() ? kBodyReadBytes : kHeadReadBytes;
  }
  const Message& get() const { return parser_.get(); }
  // The error of a peer that sends nothing more: end_of_stream before the first byte.
  Error ended() const;
  // The request as our handlers take it, without what only the connection knows (`over_tls`,
  // `client`). Requires: is_done(). Errors: those of parse_target.
  Result<Request> release();

 private:
  bool put(Buffer& from, Error& error);

  const size_t header_bytes_max_;
  size_t head_bytes_ = 0;
  Result<Request> request_ = Request{};  // as the head says, once that is whole
  boost::beast::http::request_parser<GrowingBody> parser_;
};

}  // namespace suyuan::http
