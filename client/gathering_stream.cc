#include "client/gathering_stream.h"

#include <kj/debug.h>

#include <cstring>
#include <vector>

namespace suyuan {
namespace {

using kj::byte;

constexpr size_t kReadBytes = 64 << 10;
constexpr size_t kUnsentBytesMax = 1 << 20;  // above it, a write waits for the peer

class GatheringStream final : public kj::AsyncIoStream {
 public:
  explicit GatheringStream(kj::Own<kj::AsyncIoStream> stream)
      : stream_(kj::mv(stream)), in_(kReadBytes) {}

  kj::Promise<size_t> read(void* buffer, size_t min, size_t max) override {
    return tryRead(buffer, min, max).then([min](size_t got) -> size_t {
      if (got < min) {
        kj::throwRecoverableException(KJ_EXCEPTION(DISCONNECTED, "the peer closed the connection"));
      }
      return got;
    });
  }

  kj::Promise<size_t> tryRead(void* buffer, size_t min, size_t max) override {
    auto* to = static_cast<byte*>(buffer);
    const size_t had = take(to, max);
    if (had >= min) return had;
    const size_t wanted = max - had;
    if (wanted >= in_.size()) {
      return stream_->tryRead(to + had, min - had, wanted).then([had](size_t got) {
        return had + got;
      });
    }
    return stream_->tryRead(in_.data(), min - had, in_.size())
        .then([this, to, had, wanted](size_t got) {
          begin_ = 0;
          end_ = got;
          return had + take(to + had, wanted);
        });
  }

  kj::Promise<void> write(const void* buffer, size_t size) override {
    const auto one = kj::arrayPtr(static_cast<const byte*>(buffer), size);
    return write(kj::arrayPtr(&one, 1));
  }

  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const byte>> pieces) override {
    KJ_IF_MAYBE (broken, broken_) return kj::cp(*broken);
    for (const auto& piece : pieces) out_.insert(out_.end(), piece.begin(), piece.end());
    if (!sending_) {
      sending_ = true;
      sent_ = kj::evalLast([this] { return send(); }).fork();
      // The next write or read reports the failure.
      task_ = sent_.addBranch().eagerlyEvaluate([](kj::Exception&&) {});
    }
    if (out_.size() < kUnsentBytesMax) return kj::READY_NOW;
    return sent_.addBranch();
  }

  kj::Promise<void> whenWriteDisconnected() override { return stream_->whenWriteDisconnected(); }

  void shutdownWrite() override {
    shut_ = true;
    if (!sending_) stream_->shutdownWrite();
  }

  void abortRead() override { stream_->abortRead(); }

 private:
  size_t take(byte* to, size_t max) {
    const size_t size = kj::min(max, end_ - begin_);
    if (size == 0) return 0;  // either pointer may be null
    std::memcpy(to, in_.data() + begin_, size);
    begin_ += size;
    return size;
  }

  // Sends until nothing new was written in between.
  kj::Promise<void> send() {
    flying_.swap(out_);
    out_.clear();
    return stream_->write(flying_.data(), flying_.size())
        .then(
            [this]() -> kj::Promise<void> {
              if (!out_.empty()) return send();
              sending_ = false;
              if (shut_) stream_->shutdownWrite();
              return kj::READY_NOW;
            },
            [this](kj::Exception&& exception) -> kj::Promise<void> {
              broken_ = kj::cp(exception);
              return kj::mv(exception);
            });
  }

  kj::Own<kj::AsyncIoStream> stream_;
  std::vector<byte> in_;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::vector<byte> out_;     // written, waiting to be sent
  std::vector<byte> flying_;  // being sent
  bool sending_ = false;      // stays set after a failure
  bool shut_ = false;
  kj::Maybe<kj::Exception> broken_;
  kj::ForkedPromise<void> sent_ = nullptr;
  kj::Promise<void> task_ = nullptr;
};

}  // namespace

kj::Own<kj::AsyncIoStream> gather(kj::Own<kj::AsyncIoStream> stream) {
  return kj::heap<GatheringStream>(kj::mv(stream));
}

}  // namespace suyuan
