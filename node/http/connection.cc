// Serves one HTTP connection: reads requests within bounds and answers one after the other, over
// TCP or TLS.
#include "node/http/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <array>
#include <optional>

#include "node/http/request_reader.h"
#include "node/http/stream.h"

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using BeastRequest = RequestReader::Message;
using BeastResponse = beast::http::response<beast::http::string_body>;

// Browsers that used TLS once must use it for half a year.
constexpr char kStrictTransport[] = "max-age=15552000";

struct Closing {
  bool head;        // the answer goes without its body
  bool keep_alive;
  bool over_tls;
};

// RFC 9110 8.6: 204 has no length, and that of 304 would be the length of what is not sent again.
bool has_length(beast::http::status status) {
  return status != beast::http::status::no_content && status != beast::http::status::not_modified;
}

BeastResponse to_beast(Response&& response, const BeastRequest& asked, const Closing& how) {
  BeastResponse out{beast::http::int_to_status(static_cast<unsigned>(response.status)),
                    asked.version()};
  out.set(beast::http::field::server, "suyuan");
  out.set(beast::http::field::content_type, response.content_type);
  out.set("X-Content-Type-Options", "nosniff");
  if (how.over_tls) out.set("Strict-Transport-Security", kStrictTransport);
  for (const auto& [name, value] : response.headers) out.set(name, value);
  out.keep_alive(how.keep_alive);
  if (!has_length(out.result())) return out;
  out.content_length(response.body.size());
  if (!how.head) out.body() = std::move(response.body);
  return out;
}

// While it lives, stop() closes the connection at once.
class Waiting {
 public:
  Waiting(Listening& shared, beast::tcp_stream& socket) : shared_(shared), socket_(socket) {
    shared_.waiting.insert(&socket_);
  }
  ~Waiting() { shared_.waiting.erase(&socket_); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  Listening& shared_;
  beast::tcp_stream& socket_;
};

// Waits for a reply that may come on any thread. The shared state lives until both sides have
// released it.
asio::awaitable<Response> answer(const Handler& handler, Request request,
                                 asio::any_io_executor executor) {
  struct Slot {
    explicit Slot(asio::any_io_executor e) : ready(e) {
      ready.expires_at(std::chrono::steady_clock::time_point::max());
    }
    asio::steady_timer ready;
    std::optional<Response> response;
  };
  auto slot = std::make_shared<Slot>(executor);
  handler(std::move(request), [slot, executor](Response response) {
    asio::post(executor, [slot, response = std::move(response)]() mutable {
      slot->response = std::move(response);
      slot->ready.cancel();
    });
  });
  error_code ignored;
  if (!slot->response)
    co_await slot->ready.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (slot->response) co_return *std::move(slot->response);
  co_return problem(Error{.code = Code::STOPPING,
                          .message = "the node is shutting down; send the request again"});
}

// The bytes of one request's body, counted towards the bound on all bodies together.
class Body {
 public:
  Body(size_t& all, size_t max) : all_(all), max_(max) {}
  ~Body() { all_ -= bytes_; }
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  // Returns false if there is no room for that many.
  bool grow_to(size_t bytes) {
    if (bytes > bytes_ && all_ + (bytes - bytes_) > max_) return false;
    all_ += bytes - bytes_;
    bytes_ = bytes;
    return true;
  }

 private:
  size_t& all_;
  const size_t max_;
  size_t bytes_ = 0;
};

Response too_many_bodies() {
  Response response =
      problem(Error{.code = Code::BUSY, .message = "too many requests are waiting for answers"});
  response.headers["Retry-After"] = "1";
  return response;
}

// Reads once, so that the reader can continue.
asio::awaitable<void> read_more(Stream& stream, const RequestReader& reader,
                                beast::flat_buffer& buffer, error_code& error) {
  const auto room = buffer.prepare(reader.bytes_to_read());
  const size_t bytes =
      co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, error));
  buffer.commit(bytes);
  if (error == asio::error::eof) error = reader.ended();
}

asio::awaitable<void> receive_head(Stream& stream, RequestReader& reader,
                                   beast::flat_buffer& buffer, error_code& error) {
  while (!error && !reader.read_head(buffer, error))
    co_await read_more(stream, reader, buffer, error);
}

// Reads the body. Returns false if there is no room for it; it was then not read whole.
asio::awaitable<bool> receive_body(Stream& stream, RequestReader& reader,
                                   beast::flat_buffer& buffer, Body& body, error_code& error) {
  while (!error && !reader.is_done()) {
    if (!reader.read_body(buffer, error)) co_await read_more(stream, reader, buffer, error);
    if (!body.grow_to(reader.get().body().size())) co_return false;
  }
  co_return true;
}

// Closing at once, with bytes unread, would reset the connection and lose the answer.
asio::awaitable<void> linger(beast::tcp_stream& stream, std::chrono::seconds most) {
  error_code error;
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
  stream.expires_after(most);
  std::array<char, 16 << 10> unread;
  while (!error) {
    co_await stream.async_read_some(asio::buffer(unread),
                                    asio::redirect_error(asio::use_awaitable, error));
  }
}

std::string peer_of(const beast::tcp_stream& stream) {
  error_code error;
  const auto peer = stream.socket().remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

// Handles one request. Returns false if the connection ends.
asio::awaitable<bool> serve_one(Listening& shared, Stream& stream, beast::flat_buffer& buffer) {
  const ServerLimits& limits = shared.limits;
  beast::tcp_stream& socket = stream.tcp();
  const auto token = [](error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
  };
  RequestReader reader(limits);
  error_code error;
  Body body(shared.body_bytes, limits.bodies_bytes_max);
  bool room = true;
  socket.expires_after(limits.idle_max);
  {
    const Waiting waiting(shared, socket);
    co_await receive_head(stream, reader, buffer, error);
  }
  if (!error) {
    socket.expires_after(limits.request_max);
    if (beast::iequals(reader.get()[beast::http::field::expect], "100-continue")) {
      beast::http::response<beast::http::empty_body> go_on{beast::http::status::continue_, 11};
      co_await beast::http::async_write(stream, go_on, token(error));
    }
    room = co_await receive_body(stream, reader, buffer, body, error);
    // An idle connection does not keep a body's room.
    if (buffer.capacity() >= RequestReader::kBodyReadBytes) buffer.shrink_to_fit();
  }
  if (error == beast::http::error::end_of_stream || error == beast::error::timeout ||
      error == asio::error::operation_aborted || error == asio::error::connection_reset ||
      error.category() == asio::error::get_ssl_category() ||
      error == ssl::error::stream_truncated) {
    co_return false;
  }
  const bool head = reader.get().method() == beast::http::verb::head;
  const bool whole = room && !error;
  const bool keep_alive = whole && reader.get().keep_alive() && !shared.stopping;
  BeastRequest asked{reader.get().method(), "/", reader.get().version()};
  Response response;
  if (!room) {
    response = too_many_bodies();
  } else if (error == beast::http::error::body_limit || error == beast::http::error::header_limit) {
    response = problem(
        Error{.code = Code::TOO_LARGE, .message = "the request is larger than this node accepts"});
  } else if (error) {
    response = problem(
        Error{.code = Code::BAD_REQUEST, .message = "not an HTTP/1.1 request: " + error.message()});
  } else {
    auto request = reader.release();
    if (request) request->over_tls = stream.is_tls();
    if (request) request->peer = peer_of(socket);
    socket.expires_after(limits.response_max);
    // Not a conditional expression: g++ 12 evaluates both of its branches around co_await.
    if (request)
      response = co_await answer(shared.handler, *std::move(request), stream.get_executor());
    else
      response = problem(request.error());
  }
  socket.expires_after(limits.response_max);
  auto out = to_beast(std::move(response), asked,
                      {.head = head, .keep_alive = keep_alive, .over_tls = stream.is_tls()});
  beast::http::response_serializer<beast::http::string_body> serializer(out);
  if (head)
    co_await beast::http::async_write_header(stream, serializer, token(error));
  else
    co_await beast::http::async_write(stream, serializer, token(error));
  if (!whole && !error) co_await linger(socket, limits.linger_max);
  co_return keep_alive && !error;
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

// Returns false if no TLS came about.
asio::awaitable<bool> shake_hands(Listening& shared, Stream& stream) {
  const Counted shaking(shared.handshakes);
  const Waiting waiting(shared, stream.tcp());
  error_code error;
  stream.tcp().expires_after(shared.limits.handshake_max);
  co_await stream.accept_handshake(error);
  ++(error ? shared.tls_counts.failed : shared.tls_counts.shaken);
  co_return !error;
}

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<Listening> shared, tcp::socket socket,
                            std::shared_ptr<ssl::context> tls) {
  const Counted counted(shared->connections);
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  Stream stream(beast::tcp_stream(std::move(socket)), std::move(tls));
  bool open = true;
  if (stream.is_tls()) open = co_await shake_hands(*shared, stream);
  if (open) {
    beast::flat_buffer buffer;
    while (!shared->stopping && co_await serve_one(*shared, stream, buffer)) {
    }
  }
  if (open && stream.is_tls()) {
    stream.tcp().expires_after(shared->limits.linger_max);
    co_await stream.shutdown(ignored);
  }
  stream.tcp().socket().shutdown(tcp::socket::shutdown_both, ignored);
}

}  // namespace suyuan::http
