// The bytes of one HTTP connection, over TCP or TLS, as one type.
//
// Beast compiles each of its algorithms for each type of stream, and TLS once more for each type of
// buffers and handlers. Here both are erased, so that all of it is compiled once.
#pragma once

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace suyuan::http {

// The first buffers of a sequence: a buffer sequence itself. A write of these alone is a short
// write, which Asio's algorithms continue.
class FirstBuffers {
 public:
  using value_type = boost::asio::const_buffer;
  using const_iterator = const value_type*;

  template <class Buffers>
  explicit FirstBuffers(const Buffers& buffers) {
    for (auto at = boost::asio::buffer_sequence_begin(buffers);
         at != boost::asio::buffer_sequence_end(buffers) && count_ < kMax; ++at) {
      const value_type buffer(*at);
      if (buffer.size() > 0) buffers_[count_++] = buffer;
    }
  }
  const_iterator begin() const { return buffers_.data(); }
  const_iterator end() const { return buffers_.data() + count_; }

 private:
  static constexpr size_t kMax = 16;
  std::array<value_type, kMax> buffers_;
  size_t count_ = 0;
};

// An AsyncStream of Asio and Beast, for use on one thread. Handlers are called on the executor of
// the stream, not on their own, and cannot be cancelled: tcp().expires_after() bounds operations.
class Stream {
 public:
  using Tcp = boost::beast::tcp_stream;
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  using executor_type = Tcp::executor_type;
  using Error = boost::system::error_code;
  using Done = std::function<void(Error, size_t)>;

  // With a context the stream is TLS, after handshake(). Keeps the context, even if a newer one
  // replaces it.
  Stream(Tcp tcp, Context context);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  Tcp& tcp();  // deadlines, and the socket
  bool is_tls() const { return tls_ != nullptr; }
  executor_type get_executor() { return tcp().get_executor(); }

  // Requires: is_tls().
  boost::asio::awaitable<void> accept_handshake(Error& error);
  // Verifies that the certificate is the host's. Names the host to the server (SNI, RFC 6066 3),
  // unless it is an address. Requires: is_tls().
  boost::asio::awaitable<void> connect_handshake(const std::string& host, Error& error);
  // Sends close_notify and waits for the peer's. Requires: is_tls().
  boost::asio::awaitable<void> shutdown(Error& error);

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(Error, size_t)>(
        [this](auto handler, boost::asio::mutable_buffer into) {
          read_some(into, erased(std::move(handler)));
        },
        token, first_of(buffers));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(Error, size_t)>(
        [this](auto handler, const FirstBuffers& from) {
          write_some(from, erased(std::move(handler)));
        },
        token, FirstBuffers(buffers));
  }

 private:
  struct Tls;

  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    return *boost::asio::buffer_sequence_begin(buffers);
  }
  // Handlers can only be moved, std::function must be copied. What a handler holds is given up
  // before it runs, as Asio does it.
  template <class Handler>
  static Done erased(Handler handler) {
    return [kept = std::make_shared<Handler>(std::move(handler))](Error error,
                                                                  size_t bytes) mutable {
      Handler once = std::move(*kept);
      kept.reset();
      std::move(once)(error, bytes);
    };
  }
  void read_some(boost::asio::mutable_buffer into, Done done);
  void write_some(const FirstBuffers& from, Done done);

  std::unique_ptr<Tcp> plain_;  // null if it is TLS
  std::unique_ptr<Tls> tls_;    // null if it is plain
};

}  // namespace suyuan::http
