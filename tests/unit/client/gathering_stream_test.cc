// The gathering stream: the same bytes in the same order, in few calls.
#include "client/gathering_stream.h"

#include <gtest/gtest.h>
#include <kj/debug.h>
#include <kj/vector.h>

#include <string>
#include <vector>

// KJ's streams have no virtual destructor: kj::Own knows how to end them.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"

namespace suyuan {
namespace {

// The other end's stream with its calls counted; it fails when a test says so.
class Counting final : public kj::AsyncIoStream {
 public:
  struct Calls {
    int reads = 0;
    int writes = 0;
    bool broken = false;
  };
  Counting(kj::Own<kj::AsyncIoStream> stream, Calls& calls)
      : stream_(kj::mv(stream)), calls_(calls) {}
  kj::Promise<size_t> read(void* buffer, size_t min, size_t max) override {
    return stream_->read(buffer, min, max);
  }
  kj::Promise<size_t> tryRead(void* buffer, size_t min, size_t max) override {
    ++calls_.reads;
    return stream_->tryRead(buffer, min, max);
  }
  kj::Promise<void> write(const void* buffer, size_t size) override {
    ++calls_.writes;
    if (calls_.broken) return KJ_EXCEPTION(DISCONNECTED, "broken, as the test asked");
    return stream_->write(buffer, size);
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    ++calls_.writes;
    return stream_->write(pieces);
  }
  kj::Promise<void> whenWriteDisconnected() override { return stream_->whenWriteDisconnected(); }
  void shutdownWrite() override { stream_->shutdownWrite(); }

 private:
  kj::Own<kj::AsyncIoStream> stream_;
  Calls& calls_;
};

class GatheringStreamTest : public ::testing::Test {
 protected:
  ~GatheringStreamTest() noexcept override {}
  void send(const std::string& text) {
    writes_.add(ours_->write(text.data(), text.size()));
  }
  std::string receive(kj::AsyncIoStream& from, size_t size) {
    std::string text(size, '\0');
    text.resize(from.tryRead(text.data(), size, size).wait(io_.waitScope));
    return text;
  }
  void settle() { kj::joinPromises(writes_.releaseAsArray()).wait(io_.waitScope); }

  kj::AsyncIoContext io_ = kj::setupAsyncIo();
  kj::TwoWayPipe pipe_ = io_.provider->newTwoWayPipe();
  Counting::Calls calls_;
  kj::Own<kj::AsyncIoStream> ours_ =
      gather(kj::heap<Counting>(kj::mv(pipe_.ends[0]), calls_));
  kj::AsyncIoStream& theirs_ = *pipe_.ends[1];
  kj::Vector<kj::Promise<void>> writes_;
};

TEST_F(GatheringStreamTest, SendsWhatOneTurnWritesTogether) {
  std::string all;
  for (int i = 0; i < 100; ++i) {
    send("message " + std::to_string(i));
    all += "message " + std::to_string(i);
  }
  EXPECT_EQ(calls_.writes, 0);
  EXPECT_EQ(receive(theirs_, all.size()), all);
  EXPECT_EQ(calls_.writes, 1);
  send("later");
  EXPECT_EQ(receive(theirs_, 5), "later");
  EXPECT_EQ(calls_.writes, 2);
}

TEST_F(GatheringStreamTest, ReadsAheadAndGivesEachReaderItsOwn) {
  std::string all;
  for (int i = 0; i < 5000; ++i) all += static_cast<char>(i * 7 % 251);
  theirs_.write(all.data(), all.size()).wait(io_.waitScope);
  std::string got;
  for (size_t size = 1; got.size() < all.size(); size = size * 2 % 97 + 1) {
    got += receive(*ours_, std::min(size, all.size() - got.size()));
  }
  EXPECT_EQ(got, all);
  EXPECT_LE(calls_.reads, 2);
}

TEST_F(GatheringStreamTest, CarriesMoreThanItsBuffersHold) {
  std::string all(3 << 20, 'x');
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i % 253);
  for (size_t at = 0; at < all.size(); at += 1 << 19) send(all.substr(at, 1 << 19));
  EXPECT_EQ(receive(theirs_, all.size()), all);
  settle();
  auto back = theirs_.write(all.data(), all.size());
  EXPECT_EQ(receive(*ours_, 10), all.substr(0, 10));
  EXPECT_EQ(receive(*ours_, all.size() - 10), all.substr(10));
  back.wait(io_.waitScope);
}

TEST_F(GatheringStreamTest, SendsAllBeforeItEnds) {
  send("the last word");
  ours_->shutdownWrite();
  EXPECT_EQ(receive(theirs_, 100), "the last word");
}

TEST_F(GatheringStreamTest, GivesFewerBytesWhereThePeerEnds) {
  theirs_.write("abc", 3).wait(io_.waitScope);
  theirs_.shutdownWrite();
  EXPECT_EQ(receive(*ours_, 10), "abc");
  EXPECT_EQ(receive(*ours_, 10), "");
}

TEST_F(GatheringStreamTest, TellsTheNextWriteOfAFailure) {
  calls_.broken = true;
  send("lost");
  io_.waitScope.poll();
  EXPECT_THROW(ours_->write("more", 4).wait(io_.waitScope), kj::Exception);
}

}  // namespace
}  // namespace suyuan
