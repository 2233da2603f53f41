#include "node/http/stream.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

}  // namespace

struct Stream::Tls {
  Tls(Tcp tcp, Context c) : context(std::move(c)), stream(std::move(tcp), *context) {}
  const Context context;
  boost::beast::ssl_stream<Tcp> stream;
};

Stream::Stream(Tcp tcp, Context context) {
  if (context)
    tls_ = std::make_unique<Tls>(std::move(tcp), std::move(context));
  else
    plain_ = std::make_unique<Tcp>(std::move(tcp));
}

Stream::~Stream() = default;

Stream::Tcp& Stream::tcp() { return tls_ ? tls_->stream.next_layer() : *plain_; }

asio::awaitable<void> Stream::accept_handshake(Error& error) {
  co_await tls_->stream.async_handshake(ssl::stream_base::server,
                                        asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> Stream::connect_handshake(const std::string& host, Error& error) {
  Error not_numeric;
  asio::ip::make_address(host, not_numeric);
  if (not_numeric) {
    // Like SSL_set_tlsext_host_name, whose macro uses an old-style cast.
    std::string name = host;
    SSL_ctrl(tls_->stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             name.data());
  }
  tls_->stream.set_verify_callback(ssl::host_name_verification(host), error);
  if (error) co_return;
  co_await tls_->stream.async_handshake(ssl::stream_base::client,
                                        asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> Stream::shutdown(Error& error) {
  co_await tls_->stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
}

void Stream::read_some(asio::mutable_buffer into, Done done) {
  if (tls_) return tls_->stream.async_read_some(into, std::move(done));
  plain_->async_read_some(into, std::move(done));
}

void Stream::write_some(const FirstBuffers& from, Done done) {
  if (tls_) return tls_->stream.async_write_some(from, std::move(done));
  plain_->async_write_some(from, std::move(done));
}

}  // namespace suyuan::http
