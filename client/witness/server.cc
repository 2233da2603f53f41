#include "client/witness/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>

#include "client/witness/http_head.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Request = http::request<http::string_body>;
using Parser = http::request_parser<http::string_body>;
using Response = http::response<http::string_body>;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

asio::awaitable<void> receive_head(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                   Parser& parser, size_t bytes_max, error_code& error) {
  HttpHead head(bytes_max);
  while (!head.take(buffer, parser, error)) {
    const auto room = buffer.prepare(beast::read_size(buffer, HttpHead::kReadBytes));
    const size_t bytes = co_await stream.async_read_some(room, into(error));
    buffer.commit(bytes);
    if (error == asio::error::eof) error = HttpHead::ended(parser);
    if (error) co_return;
  }
}

// Counts a connection for as long as its coroutine lives, however it ends.
class Counted {
 public:
  explicit Counted(size_t& count) : count_(++count) {}
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  size_t& count_;
};

}  // namespace

struct WitnessServer::Impl {
  Impl(WitnessDesk& d, std::function<uint64_t()> n, const WitnessLimits& l)
      : desk(d), now_s(std::move(n)), limits(l), signals(io, SIGINT, SIGTERM) {}

  WitnessAnswer answer(const Request& request);
  asio::awaitable<bool> serve_one(beast::tcp_stream& stream, beast::flat_buffer& buffer);
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> accept_loop();

  WitnessDesk& desk;
  const std::function<uint64_t()> now_s;
  const WitnessLimits limits;
  size_t connections = 0;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::signal_set signals;
};

WitnessAnswer WitnessServer::Impl::answer(const Request& request) {
  const std::string_view target(request.target().data(), request.target().size());
  const bool reading = request.method() == http::verb::get;
  if (target == "/add-checkpoint") {
    if (request.method() != http::verb::post) return {.status = 405, .body = "use POST\n"};
    return desk.add_checkpoint(request.body(), now_s());
  }
  constexpr std::string_view kEnd = "/checkpoint";
  if (target.size() > kEnd.size() && target.ends_with(kEnd)) {
    if (!reading) return {.status = 405, .body = "use GET\n"};
    const auto note = desk.checkpoint(target.substr(1, target.size() - kEnd.size() - 1));
    if (note) return {.status = 200, .body = *note};
  }
  return {.status = 404, .body = "nothing here\n"};
}

// Handles one request. Returns false if the connection ends.
asio::awaitable<bool> WitnessServer::Impl::serve_one(beast::tcp_stream& stream,
                                                     beast::flat_buffer& buffer) {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser.body_limit(limits.body_bytes_max);
  error_code error;
  stream.expires_after(std::chrono::seconds(limits.idle_s));
  co_await receive_head(stream, buffer, parser, limits.header_bytes_max, error);
  if (!error) {
    stream.expires_after(std::chrono::seconds(limits.request_s));
    co_await http::async_read(stream, buffer, parser, into(error));
  }
  WitnessAnswer answered{.status = 400, .body = "invalid input: not an HTTP/1.1 request\n"};
  if (error == http::error::body_limit || error == http::error::header_limit ||
      error == http::error::buffer_overflow) {
    answered = {.status = 413, .body = "invalid input: too large\n"};
  } else if (!error) {
    answered = answer(parser.get());
  } else if (error.category() != http::make_error_code(http::error::bad_method).category() ||
             error == http::error::end_of_stream || error == http::error::partial_message) {
    co_return false;
  }
  Response response{http::int_to_status(static_cast<unsigned>(answered.status)), 11};
  response.set(http::field::server, "suyuan-witness");
  response.set(http::field::content_type, answered.content_type);
  response.set(http::field::access_control_allow_origin, "*");
  response.keep_alive(!error && parser.get().keep_alive());
  response.body() = std::move(answered.body);
  response.prepare_payload();
  const bool keep_alive = response.keep_alive();
  co_await http::async_write(stream, response, into(error));
  co_return keep_alive && !error;
}

asio::awaitable<void> WitnessServer::Impl::serve(tcp::socket socket) {
  const Counted counted(connections);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  beast::tcp_stream stream(std::move(socket));
  // Beast does not bound a chunk's first line or trailers: what waits to be understood is bounded.
  beast::flat_buffer buffer(limits.header_bytes_max);
  while (co_await serve_one(stream, buffer)) {
  }
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
}

asio::awaitable<void> WitnessServer::Impl::accept_loop() {
  asio::steady_timer pause(io);
  for (;;) {
    error_code error;
    tcp::socket socket(io);
    co_await acceptor.async_accept(socket, into(error));
    if (error || connections >= limits.connections_max) {
      // Out of descriptors or connections: closes the newest connection, so that the loop does not
      // spin.
      socket.close(error);
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(into(error));
      continue;
    }
    asio::co_spawn(io, serve(std::move(socket)), asio::detached);
  }
}

Result<std::unique_ptr<WitnessServer>> WitnessServer::listen(const tcp::endpoint& at,
                                                             WitnessDesk& desk,
                                                             std::function<uint64_t()> now_s,
                                                             const WitnessLimits& limits) {
  auto impl = std::make_unique<Impl>(desk, std::move(now_s), limits);
  error_code error;
  impl->acceptor.open(at.protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(at, error);
  if (!error) impl->acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return fail(Code::IO, "cannot listen on " + at.address().to_string() + ":" +
                              std::to_string(at.port()) + ": " + error.message());
  }
  impl->signals.async_wait([io = &impl->io](const error_code& failed, int) {
    if (!failed) io->stop();
  });
  asio::co_spawn(impl->io, impl->accept_loop(), asio::detached);
  return std::unique_ptr<WitnessServer>(new WitnessServer(std::move(impl)));
}

WitnessServer::WitnessServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WitnessServer::~WitnessServer() = default;

uint16_t WitnessServer::port() const { return impl_->acceptor.local_endpoint().port(); }
void WitnessServer::run() { impl_->io.run(); }
void WitnessServer::stop() { impl_->io.stop(); }

}  // namespace suyuan
