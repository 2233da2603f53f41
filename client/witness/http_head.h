// Reads the head of an HTTP message from bytes: Beast's parser within our bound.
//
// Beast 1.81 bounds a head that arrives at once. If it arrives field by field, it forgets the size
// of the fields that it has taken, so they are counted here.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace suyuan {

class HttpHead {
 public:
  // Bytes to read at a time, at most.
  static constexpr size_t kReadBytes = 2 << 10;

  explicit HttpHead(size_t bytes_max) : bytes_max_(bytes_max) {}

  // Takes from `from` what it has of the head. Returns true when the head is whole, or with an
  // error; false: it needs more bytes. Requires: it did not return true before.
  // Errors: Beast's; header_limit (more than bytes_max).
  template <class Parser>
  bool take(boost::beast::flat_buffer& from, Parser& parser, boost::system::error_code& error) {
    namespace http = boost::beast::http;
    if (from.size() == 0) return false;
    const size_t used = parser.put(from.cdata(), error);
    from.consume(used);
    taken_ += used;
    const bool is_whole = !error;
    if (error == http::error::need_more) error.clear();
    if (error) return true;
    // A head of that many bytes that needs more is longer.
    if (taken_ > bytes_max_ || (!is_whole && from.size() >= bytes_max_ - taken_)) {
      error = http::error::header_limit;
    }
    return is_whole || error;
  }

  // The error of a peer that sends nothing more: end_of_stream before the first byte.
  template <class Parser>
  static boost::system::error_code ended(const Parser& parser) {
    namespace http = boost::beast::http;
    return parser.got_some() ? http::error::partial_message : http::error::end_of_stream;
  }

 private:
  const size_t bytes_max_;
  size_t taken_ = 0;
};

}  // namespace suyuan
