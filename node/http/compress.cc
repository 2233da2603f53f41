#include "node/http/compress.h"

#include <zlib.h>

#include "node/http/accept.h"

namespace suyuan::http {
namespace {

constexpr size_t kCompressedBytesMin = 1400;      // less goes in one packet anyway
constexpr size_t kCompressedBytesMax = 16 << 20;  // bounds the time on a worker
constexpr int kFastest = 1;
constexpr int kGzipWindowBits = 15 + 16;  // 16: gzip, not zlib
constexpr int kUsualMemory = 8;

// Empty: zlib got no memory.
std::string gzipped(const std::string& text) {
  z_stream stream{};
  // As deflateInit2, whose macro uses an old-style cast.
  if (deflateInit2_(&stream, kFastest, Z_DEFLATED, kGzipWindowBits, kUsualMemory,
                    Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                    static_cast<int>(sizeof(stream))) != Z_OK) {
    return {};
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  // zlib reads through this pointer only, though it is not const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(whole ? stream.total_out : 0);
  out.shrink_to_fit();  // a slow reader holds it
  deflateEnd(&stream);
  return out;
}

void compress(Response& response) {
  std::string body = gzipped(response.body);
  if (body.empty() || body.size() >= response.body.size()) return;
  response.body = std::move(body);
  response.headers["Content-Encoding"] = "gzip";
}

}  // namespace

Reply compressing(const Request& request, Reply reply) {
  const bool accepted =
      request.authorization.empty() && accepts_encoding(request.accept_encoding, "gzip");
  return [accepted, reply = std::move(reply)](Response response) {
    std::string& vary = response.headers["Vary"];
    vary += vary.empty() ? "Accept-Encoding" : ", Accept-Encoding";
    const size_t bytes = response.body.size();
    const bool fits = bytes >= kCompressedBytesMin && bytes <= kCompressedBytesMax;
    if (accepted && fits && response.status == 200) compress(response);
    reply(std::move(response));
  };
}

}  // namespace suyuan::http
