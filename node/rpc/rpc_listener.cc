#include "node/rpc/rpc_listener.h"

#include <kj/debug.h>
#include <boost/asio/steady_timer.hpp>
#include <set>

#include "node/listen.h"
#include "node/rpc/ledger_server.h"
#include "node/rpc/rpc_session.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

RpcMessageLimits of_messages(const RpcLimits& limits) {
  return {.message_bytes_max = limits.message_bytes_max,
          .in_flight_bytes_max = limits.in_flight_bytes_max};
}

}  // namespace

struct RpcListener::Impl final : kj::TaskSet::ErrorHandler {
  Impl(EventPort& p, Service& s, const RpcLimits& l, TlsSource source)
      : port(p),
        service(s),
        limits(l),
        tls(std::move(source)),
        shared(share_ledger(s)),
        totals(make_stream_totals(l.streams)),
        acceptor(p.io()),
        pause(p.io()),
        tasks(kj::heap<kj::TaskSet>(*this)) {}

  void accept() {
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error || sessions >= limits.connections_max) {
        // Out of descriptors or connections: closes the newest connection, so that the loop does
        // not spin.
        socket.close(error);
        pause.expires_after(std::chrono::milliseconds(10));
        pause.async_wait([this](boost::system::error_code stopped) {
          if (!stopped) accept();
        });
        return;
      }
      accept();  // first: if this connection fails, the next one is accepted all the same
      begin(std::move(socket));
    });
  }

  void begin(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (!tls) return serve(std::make_unique<RpcSocket>(std::move(socket)));
    if (shaking.size() >= limits.handshakes_max) {
      ++tls_counts->crowded;
      return;  // the destructor closes the socket
    }
    shake(std::make_shared<Shaking>(std::move(socket), tls()));
  }

  // What a handshake needs; its handlers keep it alive. The socket moves to the session afterwards.
  struct Shaking {
    Shaking(tcp::socket accepted, RpcSocket::Context context)
        : socket(std::make_unique<RpcSocket>(std::move(accepted), std::move(context))),
          late(socket->get_executor()) {}
    std::unique_ptr<RpcSocket> socket;
    asio::steady_timer late;
  };

  void shake(const std::shared_ptr<Shaking>& one) {
    shaking.insert(one);
    one->late.expires_after(limits.handshake_max);
    one->late.async_wait([one](boost::system::error_code error) {
      if (!error && one->socket) one->socket->close();
    });
    const std::weak_ptr<bool> there = alive;
    one->socket->handshake([this, one, there](boost::system::error_code error) {
      one->late.cancel();
      if (there.expired()) return;
      shaking.erase(one);
      ++(error ? tls_counts->failed : tls_counts->shaken);
      if (!error && !closing && sessions < limits.connections_max)
        serve(std::move(one->socket));
    });
  }

  void serve(std::unique_ptr<RpcSocket> socket) {
    boost::system::error_code error;
    const auto peer = socket->tcp().remote_endpoint(error);
    const std::string address = error ? std::string() : peer.address().to_string();
    auto bootstrap = make_ledger_server(shared, service.parts().clients.at(address));
    auto session = kj::heap<RpcSession>(wrap_socket(std::move(socket), limits.stream, totals),
                                        kj::mv(bootstrap), of_messages(limits));
    auto ended = session->network.onDisconnect();
    ++sessions;
    tasks->add(ended.attach(kj::mv(session), kj::defer([this] { --sessions; })));
  }

  // A broken connection is the peer's concern; its calls end with it.
  void taskFailed(kj::Exception&&) override {}

  EventPort& port;
  Service& service;
  const RpcLimits limits;
  const TlsSource tls;  // empty: plain
  const std::unique_ptr<RpcTlsCounts> tls_counts = std::make_unique<RpcTlsCounts>();
  std::set<std::shared_ptr<Shaking>> shaking;
  bool closing = false;
  // Handshakes in flight may outlive this object: they check whether it still exists.
  const std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  const std::shared_ptr<LedgerShared> shared;
  const std::shared_ptr<StreamTotals> totals;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  size_t sessions = 0;
  kj::Own<kj::TaskSet> tasks;  // one for each connection; dropping it ends them all
};

Result<std::unique_ptr<RpcListener>> RpcListener::listen(EventPort& port,
                                                         const tcp::endpoint& endpoint,
                                                         Service& service,
                                                         const RpcLimits& limits,
                                                         TlsSource tls) {
  auto impl = std::make_unique<Impl>(port, service, limits, std::move(tls));
  SUYUAN_TRY_DONE(begin_listening(impl->acceptor, endpoint));
  impl->accept();
  return std::unique_ptr<RpcListener>(new RpcListener(std::move(impl)));
}

RpcListener::RpcListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RpcListener::~RpcListener() { stop(); }
uint16_t RpcListener::port() const { return impl_->acceptor.local_endpoint().port(); }
size_t RpcListener::connections() const { return impl_->sessions; }
const RpcTlsCounts& RpcListener::tls_counts() const { return *impl_->tls_counts; }

void RpcListener::stop() {
  boost::system::error_code ignored;
  impl_->closing = true;
  impl_->acceptor.close(ignored);
  impl_->pause.cancel();
  for (const auto& one : impl_->shaking) one->socket->close();
}

void RpcListener::close() { impl_->tasks = kj::heap<kj::TaskSet>(*impl_); }

}  // namespace suyuan
