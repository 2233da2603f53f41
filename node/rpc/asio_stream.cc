// A shared state owns the buffers and outlives every Asio operation, so a dropped KJ promise or
// stream never leaves Asio with a dangling pointer. A cancelled read loses no bytes.
#include "node/rpc/asio_stream.h"

#include <kj/debug.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <algorithm>
#include <cstring>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace suyuan {

namespace asio = boost::asio;
using boost::system::error_code;
using kj::byte;

namespace {
struct State;
}  // namespace

// All open streams, and the totals of what they hold.
class StreamTotals {
 public:
  explicit StreamTotals(const StreamTotalLimits& limits) : limits_(limits) {}
  void enter(State& state) { open_.insert(&state); }
  void leave(State& state);
  void hold_unfinished(State& state, size_t bytes);
  void drop_unfinished(State& state, size_t bytes);
  void hold_unsent(State& state, size_t bytes);
  void drop_unsent(State& state, size_t bytes);

 private:
  void close_largest(size_t State::* held);

  const StreamTotalLimits limits_;
  std::set<State*> open_;
  size_t unfinished_ = 0;
  size_t unsent_ = 0;
};

namespace {

constexpr size_t kReadBufferBytes = 128 << 10;
constexpr size_t kWriteHighBytes = 1 << 20;  // above it, a write waits for the socket

kj::Exception to_exception(const error_code& error, const char* what) {
  using Type = kj::Exception::Type;
  Type type = Type::FAILED;
  if (error == asio::error::eof || error == asio::error::connection_reset ||
      error == asio::error::broken_pipe || error == asio::error::operation_aborted ||
      error == asio::error::not_connected || error == asio::error::bad_descriptor ||
      error.category() == asio::error::get_ssl_category() ||
      error == asio::ssl::error::stream_truncated) {
    type = Type::DISCONNECTED;
  } else if (error == asio::error::no_descriptors || error == asio::error::no_memory) {
    type = Type::OVERLOADED;
  }
  return kj::Exception(type, __FILE__, __LINE__, kj::str(what, ": ", error.message().c_str()));
}

struct ReadAdapter;

// Everything that Asio may touch. The handlers in flight keep it alive.
struct State : std::enable_shared_from_this<State> {
  State(std::unique_ptr<RpcSocket> s, const StreamLimits& l, std::shared_ptr<StreamTotals> t)
      : socket(std::move(s)),
        limits(l),
        totals(std::move(t)),
        idle(socket->get_executor()),
        in(kReadBufferBytes) {
    totals->enter(*this);
  }
  ~State() { totals->leave(*this); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const std::unique_ptr<RpcSocket> socket;
  const StreamLimits limits;
  const std::shared_ptr<StreamTotals> totals;
  size_t unfinished = 0;                            // bytes of an incomplete message
  asio::steady_timer::time_point unfinished_since;  // arrival of the first of them
  size_t unsent = 0;                                // in `out` and `flying`
  asio::steady_timer idle;

  std::vector<byte> in;
  size_t in_begin = 0;
  size_t in_end = 0;
  bool reading = false;
  bool eof = false;
  error_code read_error;
  ReadAdapter* reader = nullptr;

  std::vector<byte> out;     // collects a turn's writes into one system call
  std::vector<byte> flying;  // what Asio is sending
  bool writing = false;
  bool flush_posted = false;
  bool shut = false;
  bool dropped = false;
  error_code write_error;
  std::vector<kj::Own<kj::PromiseFulfiller<void>>> waiting_for_room;
  std::vector<kj::Own<kj::PromiseFulfiller<void>>> waiting_for_end;

  size_t available() const { return in_end - in_begin; }
  void fill();
  void arm_idle();
  void post_flush();
  void flush();
  void end_writes(const error_code& error);
  void close();
};

// One read. It lives exactly as long as its KJ promise.
struct ReadAdapter {
  kj::PromiseFulfiller<size_t>& fulfiller;
  std::shared_ptr<State> state;
  byte* to;
  size_t min, max;
  size_t got = 0;

  ReadAdapter(kj::PromiseFulfiller<size_t>& f, std::shared_ptr<State> s, void* buffer, size_t mn,
              size_t mx)
      : fulfiller(f), state(std::move(s)), to(static_cast<byte*>(buffer)), min(mn), max(mx) {
    KJ_REQUIRE(state->reader == nullptr, "one read at a time");
    state->reader = this;
    step();
  }
  ~ReadAdapter() {
    state->totals->drop_unfinished(*state, got);
    if (state->reader == this) state->reader = nullptr;
  }
  ReadAdapter(const ReadAdapter&) = delete;
  ReadAdapter& operator=(const ReadAdapter&) = delete;

  void step() {
    const size_t n = std::min(max - got, state->available());
    if (n > 0) {
      std::memcpy(to + got, state->in.data() + state->in_begin, n);
      state->in_begin += n;
      got += n;
      state->totals->hold_unfinished(*state, n);
    }
    if (got >= min || state->eof) {
      state->reader = nullptr;
      fulfiller.fulfill(kj::cp(got));
    } else if (state->read_error) {
      state->reader = nullptr;
      fulfiller.reject(to_exception(state->read_error, "read"));
    } else {
      state->fill();
    }
  }
};

void State::arm_idle() {
  auto at = asio::steady_timer::clock_type::now() + limits.idle_max;
  if (unfinished > 0) at = std::min(at, unfinished_since + limits.message_max);
  idle.expires_at(at);
  idle.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->idle.expiry() <= asio::steady_timer::clock_type::now())
      self->close();
  });
}

void State::fill() {
  if (reading || eof || read_error || dropped) return;
  if (in_begin == in_end) {
    in_begin = in_end = 0;
  } else if (in_begin > 0) {
    std::memmove(in.data(), in.data() + in_begin, available());
    in_end -= in_begin;
    in_begin = 0;
  }
  if (in_end == in.size()) return;
  reading = true;
  arm_idle();
  socket->read_some(asio::buffer(in.data() + in_end, in.size() - in_end),
                    [self = shared_from_this()](error_code error, size_t n) {
                      self->reading = false;
                      self->idle.cancel();
                      self->in_end += n;
                      if (error == asio::error::eof)
                        self->eof = true;
                      else if (error)
                        self->read_error = error;
                      if (!self->dropped && self->reader != nullptr) self->reader->step();
                    });
}

void State::post_flush() {
  if (flush_posted || writing) return;
  flush_posted = true;
  asio::post(socket->get_executor(), [self = shared_from_this()] {
    self->flush_posted = false;
    self->flush();
  });
}

void State::flush() {
  if (writing || write_error) return;
  if (out.empty()) {
    if (shut && !dropped) socket->end_writes(shared_from_this());
    if (dropped) close();
    return;
  }
  writing = true;
  flying.swap(out);
  out.clear();
  socket->write(asio::buffer(flying), [self = shared_from_this()](error_code error, size_t) {
    self->writing = false;
    self->totals->drop_unsent(*self, self->flying.size());
    self->flying.clear();
    if (self->flying.capacity() > 2 * kWriteHighBytes) {
      std::vector<byte>().swap(self->flying);
    }
    self->end_writes(error);
    self->flush();
  });
}

void State::end_writes(const error_code& error) {
  if (error) write_error = error;
  auto waiting = std::move(waiting_for_room);
  waiting_for_room.clear();
  for (auto& one : waiting) {
    if (error)
      one->reject(to_exception(error, "write"));
    else
      one->fulfill();
  }
  if (!error) return;
  totals->drop_unsent(*this, out.size());
  std::vector<byte>().swap(out);
  auto ended = std::move(waiting_for_end);
  waiting_for_end.clear();
  for (auto& one : ended) one->fulfill();
  if (dropped) close();
}

void State::close() { socket->close(); }

class SocketStream final : public kj::AsyncIoStream {
 public:
  SocketStream(std::unique_ptr<RpcSocket> socket, const StreamLimits& limits,
               std::shared_ptr<StreamTotals> totals)
      : state_(std::make_shared<State>(std::move(socket), limits, std::move(totals))) {}

  ~SocketStream() noexcept(false) {
    state_->dropped = true;
    state_->reader = nullptr;
    state_->waiting_for_room.clear();
    state_->waiting_for_end.clear();
    state_->idle.cancel();
    // What was written before the drop (an abort message, for example) is still sent, if the peer
    // reads it soon.
    if (state_->out.empty() && !state_->writing)
      state_->close();
    else {
      state_->arm_idle();
      state_->post_flush();
    }
  }

  kj::Promise<size_t> read(void* buffer, size_t min, size_t max) override {
    return tryRead(buffer, min, max).then([min](size_t n) -> size_t {
      if (n < min)
        kj::throwRecoverableException(KJ_EXCEPTION(DISCONNECTED, "the peer closed the connection"));
      return n;
    });
  }

  kj::Promise<size_t> tryRead(void* buffer, size_t min, size_t max) override {
    State& state = *state_;
    if (state.available() < min || min == 0) {
      return kj::newAdaptedPromise<size_t, ReadAdapter>(state_, buffer, min, max);
    }
    const size_t n = std::min(max, state.available());
    std::memcpy(buffer, state.in.data() + state.in_begin, n);
    state.in_begin += n;
    return n;
  }

  kj::Promise<void> write(const void* buffer, size_t size) override {
    const auto one = kj::arrayPtr(static_cast<const byte*>(buffer), size);
    return write(kj::arrayPtr(&one, 1));
  }

  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const byte>> pieces) override {
    State& state = *state_;
    if (state.write_error) return to_exception(state.write_error, "write");
    for (const auto& piece : pieces) {
      state.out.insert(state.out.end(), piece.begin(), piece.end());
      state.totals->hold_unsent(state, piece.size());
    }
    state.post_flush();
    if (state.out.size() < kWriteHighBytes) return kj::READY_NOW;
    if (state.out.size() > state.limits.unsent_bytes_max) {
      state.close();
      return KJ_EXCEPTION(OVERLOADED, "the peer does not read its answers");
    }
    auto room = kj::newPromiseAndFulfiller<void>();
    state.waiting_for_room.push_back(kj::mv(room.fulfiller));
    return kj::mv(room.promise);
  }

  kj::Promise<void> whenWriteDisconnected() override {
    if (state_->write_error) return kj::READY_NOW;
    auto ended = kj::newPromiseAndFulfiller<void>();
    state_->waiting_for_end.push_back(kj::mv(ended.fulfiller));
    return kj::mv(ended.promise);
  }

  void shutdownWrite() override {
    state_->shut = true;
    state_->post_flush();
  }

  void abortRead() override {
    error_code ignored;
    state_->socket->tcp().shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
  }

 private:
  std::shared_ptr<State> state_;
};

}  // namespace

void StreamTotals::leave(State& state) {
  open_.erase(&state);
  unfinished_ -= state.unfinished;
  unsent_ -= state.unsent;
}

void StreamTotals::hold_unfinished(State& state, size_t bytes) {
  if (state.unfinished == 0) state.unfinished_since = asio::steady_timer::clock_type::now();
  state.unfinished += bytes;
  unfinished_ += bytes;
  if (unfinished_ > limits_.unfinished_bytes_max) close_largest(&State::unfinished);
}

void StreamTotals::drop_unfinished(State& state, size_t bytes) {
  state.unfinished -= bytes;
  unfinished_ -= bytes;
}

void StreamTotals::hold_unsent(State& state, size_t bytes) {
  state.unsent += bytes;
  unsent_ += bytes;
  if (unsent_ > limits_.unsent_bytes_max) close_largest(&State::unsent);
}

void StreamTotals::drop_unsent(State& state, size_t bytes) {
  state.unsent -= bytes;
  unsent_ -= bytes;
}

// A stream's bytes are released when its handlers have run; until then no other stream is closed in
// its place.
void StreamTotals::close_largest(size_t State::* held) {
  const auto largest = std::max_element(
      open_.begin(), open_.end(), [held](const State* a, const State* b) {
        return std::pair(a->*held, a) < std::pair(b->*held, b);
      });
  (*largest)->close();
}

std::shared_ptr<StreamTotals> make_stream_totals(const StreamTotalLimits& limits) {
  return std::make_shared<StreamTotals>(limits);
}

kj::Own<kj::AsyncIoStream> wrap_socket(asio::ip::tcp::socket socket, const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals) {
  return wrap_socket(std::make_unique<RpcSocket>(std::move(socket)), limits, std::move(totals));
}

kj::Own<kj::AsyncIoStream> wrap_socket(std::unique_ptr<RpcSocket> socket,
                                       const StreamLimits& limits,
                                       std::shared_ptr<StreamTotals> totals) {
  return kj::heap<SocketStream>(std::move(socket), limits, std::move(totals));
}

}  // namespace suyuan
