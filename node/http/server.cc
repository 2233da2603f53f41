#include "node/http/server.h"

#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <new>

#include "node/http/connection.h"
#include "node/http/tls.h"
#include "node/listen.h"

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// What a connection's coroutine held is released as it ends, so nothing else is touched by a fault.
// But where memory has run out, it is not known what a handler left half done: the thread's loop
// ends then (node/handlers.h).
void end_of_connection(const std::exception_ptr& fault) {
  if (!fault) return;
  try {
    std::rethrow_exception(fault);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& exception) {
    spdlog::error("a request failed, and its connection is lost: {}", exception.what());
  }
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(asio::io_context& io_context, Handler handler, const ServerLimits& limits,
       std::unique_ptr<TlsIdentity> identity)
      : io(io_context),
        acceptor(io_context),
        tls(std::move(identity)),
        shared(std::make_shared<Listening>(std::move(handler), limits)) {}

  void accept();
  asio::awaitable<void> accept_loop();
  void begin(tcp::socket socket);

  asio::io_context& io;
  tcp::acceptor acceptor;
  const std::unique_ptr<TlsIdentity> tls;  // null: plain
  // Shared with every connection's coroutine, which may outlive the server.
  const std::shared_ptr<Listening> shared;
};

void Server::Impl::begin(tcp::socket socket) {
  if (tls && shared->handshakes >= shared->limits.handshakes_max) {
    ++shared->tls_counts.crowded;
    return;  // the destructor closes the socket
  }
  asio::co_spawn(io, serve(shared, std::move(socket), tls ? tls->context() : nullptr),
                 end_of_connection);
}

// A listener that ended in silence would be deaf: it goes on, and the thread's loop learns of it.
void Server::Impl::accept() {
  asio::co_spawn(io, accept_loop(), [self = shared_from_this()](const std::exception_ptr& fault) {
    if (!fault) return;
    self->accept();
    std::rethrow_exception(fault);
  });
}

asio::awaitable<void> Server::Impl::accept_loop() {
  const auto self = shared_from_this();
  asio::steady_timer pause(io);
  while (!shared->stopping) {
    error_code error;
    tcp::socket socket(io);
    co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) break;
    if (error || shared->connections >= shared->limits.connections_max) {
      // Out of descriptors or connections: closes the newest connection, so that the loop does not
      // spin.
      socket.close(error);
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    begin(std::move(socket));
  }
}

Result<std::unique_ptr<Server>> Server::listen(asio::io_context& io, const tcp::endpoint& endpoint,
                                               Handler handler, const ServerLimits& limits,
                                               std::unique_ptr<TlsIdentity> tls) {
  auto impl = std::make_shared<Impl>(io, std::move(handler), limits, std::move(tls));
  SUYUAN_TRY_DONE(begin_listening(impl->acceptor, endpoint));
  impl->accept();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { stop(); }

uint16_t Server::port() const { return impl_->acceptor.local_endpoint().port(); }

const TlsCounts& Server::tls_counts() const { return impl_->shared->tls_counts; }
int64_t Server::certificate_end_s() const { return impl_->tls ? impl_->tls->not_after_s() : 0; }

void Server::reload_tls(bool in_any_case) {
  if (!impl_->tls) return;
  const auto reloaded = impl_->tls->reload(in_any_case);
  if (!reloaded) {
    ++impl_->shared->tls_counts.not_reloaded;
    spdlog::error("the new certificate is not accepted, the old one stays: {}",
                  to_text(reloaded.error()));
  } else if (*reloaded) {
    ++impl_->shared->tls_counts.reloaded;
    spdlog::info("new connections use a new certificate; it expires at {} s since 1970",
                 impl_->tls->not_after_s());
  }
}

void Server::stop() {
  if (impl_->shared->stopping) return;
  impl_->shared->stopping = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
  for (auto* stream : impl_->shared->waiting) stream->cancel();
}

}  // namespace suyuan::http
