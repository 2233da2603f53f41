// What a request may hold before it is refused, however it is cut into pieces.
#include "node/http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <string>

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using ReadError = RequestReader::Error;

constexpr size_t kHeaderBytesMax = 1024;
constexpr size_t kBodyBytesMax = 4096;
constexpr size_t kPiecesMax = 10'000;

class ReadRequest : public ::testing::Test {
 protected:
  // Hands a piece over as a socket would; returns the error that it led to.
  ReadError feed(std::string_view piece) {
    asio::buffer_copy(buffer_.prepare(piece.size()), asio::buffer(piece));
    buffer_.commit(piece.size());
    ReadError error;
    if (!has_head_) has_head_ = reader_.read_head(buffer_, error) && !error;
    while (!error && has_head_ && !reader_.is_done() && reader_.read_body(buffer_, error)) {
    }
    return error;
  }
  // Feeds the piece until it is refused. Returns the bytes fed until then.
  size_t fed_until(beast::http::error expected, std::string_view piece) {
    for (size_t pieces = 1; pieces <= kPiecesMax; ++pieces) {
      if (const ReadError error = feed(piece)) {
        EXPECT_EQ(error, expected) << error.message();
        return pieces * piece.size();
      }
    }
    ADD_FAILURE() << "never refused";
    return kPiecesMax * piece.size();
  }

  beast::flat_buffer buffer_;
  RequestReader reader_{
      {.header_bytes_max = kHeaderBytesMax, .body_bytes_max = kBodyBytesMax}};
  bool has_head_ = false;
};

TEST(EncodedBody, IdentityInAnyCaseOfLettersIsNone) {
  const auto encoded = [](const std::string& coding) {
    return is_encoded({.headers = {{"content-encoding", coding}}, .body = "{}"});
  };
  for (const auto* none : {"", "identity", "Identity", "IDENTITY"}) EXPECT_FALSE(encoded(none));
  for (const auto* some : {"gzip", "identity, gzip", "identit"}) EXPECT_TRUE(encoded(some));
}

TEST(Credentials, FollowASchemeInAnyCaseOfLetters) {
  for (const auto* one : {"Bearer t", "bearer t", "BEARER t", "bEaReR   t"})
    EXPECT_EQ(credentials_of(one, "bearer"), "t") << one;
  EXPECT_EQ(credentials_of("Bearer a b", "bearer"), "a b");
  for (const auto* none : {"", " ", "t", "Bearer", "Bearer ", "Bearers t", "Beare t", " Bearer t",
                           "Bearer\tt", "Basic t"})
    EXPECT_EQ(credentials_of(none, "bearer"), std::nullopt) << none;
}

// The memory follows the bytes that came, and ends at what was announced.
TEST_F(ReadRequest, TakesNoRoomForBytesThatWereOnlyAnnounced) {
  ASSERT_FALSE(feed("POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\n"));
  ASSERT_FALSE(feed("a"));
  EXPECT_LE(reader_.get().body().capacity(), 64U);
  for (size_t sent = 1; sent < 4096; ++sent) {
    ASSERT_FALSE(feed("b"));
    EXPECT_LE(reader_.get().body().capacity(), std::max<size_t>(64, 2 * (sent + 1)));
  }
  ASSERT_TRUE(reader_.is_done());
  EXPECT_EQ(reader_.get().body(), "a" + std::string(4095, 'b'));
  EXPECT_EQ(reader_.get().body().capacity(), 4096U);
}

TEST_F(ReadRequest, ByteAfterByteIsTheSameRequest) {
  const std::string sent =
      "POST /v1/batches?a=b HTTP/1.1\r\nHost: x\r\nContent-Type: Application/JSON; q=1\r\n"
      "Transfer-Encoding: chunked\r\n\r\n2;ext\r\n{}\r\n0\r\nTrailer: t\r\n\r\n";
  for (const char byte : sent) ASSERT_FALSE(feed({&byte, 1}));
  ASSERT_TRUE(reader_.is_done());
  EXPECT_EQ(buffer_.size(), 0U);
  const auto request = reader_.release();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, Method::post);
  EXPECT_EQ(request->path, "/v1/batches");
  EXPECT_EQ(request->query.at("a"), "b");
  EXPECT_EQ(request->content_type, "application/json");
  EXPECT_EQ(request->body, "{}");
}

// A proxy appends to the head's X-Forwarded-For, and judges the head's fields alone.
TEST_F(ReadRequest, WhatComesAfterTheBodyIsNoField) {
  ASSERT_FALSE(feed(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nX-Forwarded-For: 192.0.2.7\r\n"
      "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Forwarded-For: 203.0.113.1\r\n"
      "Authorization: Bearer t\r\nContent-Type: application/json\r\nSuyuan-Audience: public\r\n"
      "\r\n"));
  ASSERT_TRUE(reader_.is_done());
  const auto request = reader_.release();
  ASSERT_TRUE(request);
  EXPECT_EQ(request->forwarded_for(), "192.0.2.7");
  EXPECT_EQ(request->authorization, "");
  EXPECT_EQ(request->content_type, "text/plain");
  for (const auto* name : {"authorization", "suyuan-audience"})
    EXPECT_FALSE(request->headers.contains(name)) << name;
  EXPECT_EQ(request->body, "{}");
}

TEST_F(ReadRequest, AHeadThatComesFieldByFieldIsBounded) {
  ASSERT_FALSE(feed("GET / HTTP/1.1\r\nA"));
  // Each piece ends one byte into the next field: Beast takes all before it, and forgets its size.
  EXPECT_LE(fed_until(beast::http::error::header_limit, ": bc\r\nA"), kHeaderBytesMax);
}

TEST_F(ReadRequest, TheFirstLineOfAChunkIsBounded) {
  ASSERT_FALSE(feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;"));
  EXPECT_LE(fed_until(beast::http::error::header_limit, "extension"), kHeaderBytesMax + 16);
}

TEST_F(ReadRequest, TrailersAreBounded) {
  ASSERT_FALSE(feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"));
  EXPECT_LE(fed_until(beast::http::error::header_limit, "A: b\r\n"), kHeaderBytesMax + 16);
}

TEST_F(ReadRequest, TheBodyIsBounded) {
  ASSERT_FALSE(feed("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_LE(fed_until(beast::http::error::body_limit, "10\r\n0123456789abcdef\r\n"),
            2 * kBodyBytesMax);
}

TEST_F(ReadRequest, AnAnnouncedBodyIsBoundedBeforeItComes) {
  EXPECT_EQ(feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4097\r\n\r\n"),
            beast::http::error::body_limit);
}

// Each read costs the network thread as much as a small request.
TEST_F(ReadRequest, ABodyIsReadInLargerPiecesThanAHead) {
  ASSERT_FALSE(feed("POST / HTTP/1.1\r\nHost: x\r\n"));
  EXPECT_EQ(reader_.bytes_to_read(), 2U << 10);
  ASSERT_FALSE(feed("Content-Length: 4000\r\n\r\n"));
  EXPECT_EQ(reader_.bytes_to_read(), 16U << 10);
  ASSERT_FALSE(feed(std::string(3000, 'x')));
  EXPECT_EQ(buffer_.size(), 0U);
  EXPECT_EQ(reader_.bytes_to_read(), 16U << 10);
  ASSERT_FALSE(feed(std::string(1000, 'x') + "GET /next"));
  EXPECT_TRUE(reader_.is_done());
  EXPECT_EQ(buffer_.size(), std::string_view("GET /next").size());
}

TEST_F(ReadRequest, WhatFollowsARequestStays) {
  ASSERT_FALSE(feed("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /next"));
  EXPECT_TRUE(reader_.is_done());
  EXPECT_EQ(buffer_.size(), std::string_view("GET /next").size());
}

TEST_F(ReadRequest, AnEndIsSilentOnlyBetweenRequests) {
  EXPECT_EQ(reader_.ended(), beast::http::error::end_of_stream);
  ASSERT_FALSE(feed("GET"));
  EXPECT_EQ(reader_.ended(), beast::http::error::partial_message);
}

}  // namespace
}  // namespace suyuan::http
