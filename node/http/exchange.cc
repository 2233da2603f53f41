#include "node/http/exchange.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace suyuan::http {
namespace {

constexpr size_t kUnreadBytesMax = 64 << 10;

}  // namespace

boost::asio::awaitable<IncomingResponse> exchange(Stream& stream, OutgoingRequest request,
                                                  size_t body_bytes_max,
                                                  boost::system::error_code& error) {
  namespace asio = boost::asio;
  namespace beast = boost::beast;
  co_await beast::http::async_write(stream, request,
                                    asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return IncomingResponse{};
  // Beast does not bound a chunk's first line or trailers: what waits to be understood is bounded.
  beast::flat_buffer buffer(kUnreadBytesMax);
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(body_bytes_max);
  co_await beast::http::async_read(stream, buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, error));
  co_return parser.release();
}

}  // namespace suyuan::http
