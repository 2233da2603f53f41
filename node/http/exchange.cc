#include "node/http/exchange.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "node/http/request_reader.h"

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using ResponseParser = beast::http::response_parser<beast::http::string_body>;

constexpr size_t kUnreadBytesMax = 64 << 10;
constexpr size_t kAnswerHeadBytesMax = 8 << 10;

// Reads the head. Beast does not bound one that arrives field by field: its bytes are counted.
asio::awaitable<void> receive_answer_head(Stream& stream, beast::flat_buffer& buffer,
                                          ResponseParser& parser,
                                          boost::system::error_code& error) {
  size_t received = 0;
  error = beast::http::error::need_more;
  while (error == beast::http::error::need_more) {
    const auto room = buffer.prepare(RequestReader::kHeadReadBytes);
    const size_t bytes =
        co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
    buffer.commit(bytes);
    received += bytes;
    if (error == asio::error::eof) {
      error = parser.got_some() ? beast::http::error::partial_message
                                : beast::http::error::end_of_stream;
    }
    if (error) co_return;
    buffer.consume(parser.put(buffer.cdata(), error));
    const size_t body = error ? 0 : buffer.size();
    if (received - body > kAnswerHeadBytesMax) error = beast::http::error::header_limit;
  }
}

}  // namespace

boost::asio::awaitable<IncomingResponse> exchange(Stream& stream, OutgoingRequest request,
                                                  size_t body_bytes_max,
                                                  boost::system::error_code& error) {
  co_await beast::http::async_write(stream, request,
                                    asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return IncomingResponse{};
  // Beast does not bound a chunk's first line or trailers: what waits to be understood is bounded.
  beast::flat_buffer buffer(kUnreadBytesMax);
  ResponseParser parser;
  parser.body_limit(body_bytes_max);
  co_await receive_answer_head(stream, buffer, parser, error);
  if (error) co_return IncomingResponse{};
  co_await beast::http::async_read(stream, buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, error));
  co_return parser.release();
}

}  // namespace suyuan::http
