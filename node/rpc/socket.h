// A connection's socket, plain or with TLS: what the stream above reads, writes and closes.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <optional>
#include <utility>

namespace suyuan {

// Network thread only. Not movable: TLS holds a reference to the socket.
class RpcSocket {
 public:
  using Tcp = boost::asio::ip::tcp::socket;
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  explicit RpcSocket(Tcp socket) : tcp_(std::move(socket)) {}
  // Keeps the context, even if a newer one replaces it.
  RpcSocket(Tcp socket, Context context) : tcp_(std::move(socket)), context_(std::move(context)) {
    tls_.emplace(tcp_, *context_);
  }
  RpcSocket(const RpcSocket&) = delete;
  RpcSocket& operator=(const RpcSocket&) = delete;

  Tcp& tcp() { return tcp_; }
  auto get_executor() { return tcp_.get_executor(); }

  // Requires: made with a context.
  template <class Done>
  void handshake(Done done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::move(done));
  }
  template <class Buffer, class Done>
  void read_some(Buffer buffer, Done done) {
    if (tls_) return tls_->async_read_some(buffer, std::move(done));
    tcp_.async_read_some(buffer, std::move(done));
  }
  template <class Buffer, class Done>
  void write(Buffer buffer, Done done) {
    if (tls_) return boost::asio::async_write(*tls_, buffer, std::move(done));
    boost::asio::async_write(tcp_, buffer, std::move(done));
  }
  // Sends nothing more. With TLS it tells the peer; `self` keeps the socket until that is done.
  template <class Self>
  void end_writes(Self self) {
    boost::system::error_code ignored;
    if (!tls_) {
      tcp_.shutdown(Tcp::shutdown_send, ignored);
      return;
    }
    tls_->async_shutdown([self, this](boost::system::error_code) {
      boost::system::error_code too_late;
      tcp_.shutdown(Tcp::shutdown_send, too_late);
    });
  }
  void close() {
    boost::system::error_code ignored;
    tcp_.close(ignored);
  }

 private:
  Tcp tcp_;
  Context context_;
  std::optional<boost::asio::ssl::stream<Tcp&>> tls_;
};

}  // namespace suyuan
