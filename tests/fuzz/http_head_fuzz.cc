// Requests as the node's connections read them: heads, bodies, and what follows on the same
// connection. The first byte is the size of the pieces in which the rest arrives; 0: all at once.
// The bounds are smaller than the node's, so that inputs reach them.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <tuple>

#include "node/http/request_reader.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan::http {
namespace {

using Buffer = RequestReader::Buffer;

constexpr ServerLimits kLimits{.header_bytes_max = 2048, .body_bytes_max = 3000};
constexpr size_t kPieceBytesMin = 2;

// Hands the input over as a socket does.
class Pieces {
 public:
  Pieces(std::string_view bytes, size_t size)
      : rest_(bytes), size_(std::max(size, kPieceBytesMin)) {}

  // Returns false at the end.
  bool next(Buffer& to) {
    // What waits to be understood is bounded, whatever was announced.
    SUYUAN_CHECK(to.size() <= kLimits.header_bytes_max);
    if (rest_.empty()) return false;
    size_t count = std::min(size_, rest_.size());
    // Beast 1.81, where it is compiled with assertions, takes a single byte after the line of a
    // final chunk for its own mistake.
    if (rest_.size() - count < kPieceBytesMin) count = rest_.size();
    boost::asio::buffer_copy(to.prepare(count), boost::asio::buffer(rest_.data(), count));
    to.commit(count);
    rest_.remove_prefix(count);
    return true;
  }
  size_t largest() const { return size_ + kPieceBytesMin; }

 private:
  std::string_view rest_;
  const size_t size_;
};

void check(const RequestReader::Message& message, size_t piece_bytes) {
  size_t fields = message.target().size();
  for (const auto& field : message) fields += field.name_string().size() + field.value().size();
  // The head, and the trailers, which are refused only when more than their bound is waiting.
  SUYUAN_CHECK(fields <= 2 * kLimits.header_bytes_max + piece_bytes);
  SUYUAN_CHECK(message.body().size() <= kLimits.body_bytes_max);
}

// Returns false if the connection ends.
bool read_request(Pieces& pieces, Buffer& buffer, std::vector<Request>& all) {
  RequestReader reader(kLimits);
  RequestReader::Error error;
  while (!error && !reader.read_head(buffer, error)) {
    if (!pieces.next(buffer)) error = reader.ended();
  }
  while (!error && !reader.is_done()) {
    if (!reader.read_body(buffer, error) && !pieces.next(buffer)) error = reader.ended();
  }
  check(reader.get(), pieces.largest());
  if (error) return false;
  const bool keep_alive = reader.get().keep_alive();
  auto request = reader.release();
  if (!request) return keep_alive;
  SUYUAN_CHECK(request->path.front() == '/');
  all.push_back(*std::move(request));
  return keep_alive;
}

std::vector<Request> read_all(std::string_view bytes, size_t piece_bytes) {
  Pieces pieces(bytes, piece_bytes);
  Buffer buffer;
  std::vector<Request> all;
  while (read_request(pieces, buffer, all)) {
  }
  return all;
}

bool is_same(const Request& a, const Request& b) {
  const auto parts = [](const Request& one) {
    return std::tie(one.method, one.path, one.segments, one.query, one.host, one.content_type,
                    one.authorization, one.headers, one.body);
  };
  return parts(a) == parts(b);
}

}  // namespace
}  // namespace suyuan::http

std::vector<std::string> suyuan::fuzz::seeds() {
  const std::string get =
      "GET /v1/codes/https%3A%2F%2Fid.gs1.org%2F01%2F09521104301011/trace?at=1&limit=2 HTTP/1.1\r\n"
      "Host: node.example:7480\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
      "Accept-Language: zh, en;q=0.5\r\nIf-None-Match: \"a\"\r\n"
      "Authorization: Bearer token\r\n\r\n";
  const std::string post =
      "POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
      "Content-Length: 13\r\nExpect: 100-continue\r\n\r\n{\"note\":\"\"}\r\n";
  const std::string chunked =
      "PUT /v1/attachments/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;name=value\r\nfirst\r\n006\r\nsecond\r\n0\r\nTrailer: of it\r\n\r\n";
  const std::string empty_chunks =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  const std::string old = "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\nX-Folded: a\r\n b\r\n\r\n";
  const std::string closing = "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string large = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n" +
                            std::string(http::kLimits.body_bytes_max, 'b');
  std::string fields = "GET / HTTP/1.1\r\n";
  while (fields.size() < http::kLimits.header_bytes_max) fields += "A: b\r\n";
  std::vector<std::string> all;
  for (const char piece : {'\0', '\2', '\6', '\x40'}) {
    all.push_back(piece + get + post + chunked + old + closing);
    all.push_back(piece + empty_chunks + get);
    all.push_back(piece + large);
    all.push_back(piece + fields);
  }
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  if (size == 0) return 0;
  const auto bytes = fuzz::text(data + 1, size - 1);
  const auto whole = http::read_all(bytes, bytes.size());
  if (data[0] == 0) return 0;
  // In pieces less may be accepted, since the lines of chunks are bounded only by what waits. What
  // is accepted is the same: no cut makes another request.
  const auto pieces = http::read_all(bytes, data[0]);
  SUYUAN_CHECK(pieces.size() <= whole.size());
  for (size_t i = 0; i < pieces.size(); ++i) SUYUAN_CHECK(http::is_same(pieces[i], whole[i]));
  return 0;
}
