// Which answers are compressed, and that nothing is lost.
#include "node/http/compress.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace suyuan::http {
namespace {

const std::string kLongText(100'000, 'a');

Response answer_to(const std::string& accept_encoding, Response response,
                   const std::string& authorization = "") {
  Response answer;
  const Request request{.accept_encoding = accept_encoding, .authorization = authorization};
  compressing(request, [&](Response given) { answer = std::move(given); })(std::move(response));
  return answer;
}

std::string unzipped(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, static_cast<int>(sizeof(stream))), Z_OK);
  std::string in = bytes;
  std::string out(size_t{1} << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Compressing, ALargeAnswerToWhoTakesGzip) {
  const Response answer = answer_to("br, GZIP;q=0.5", {.body = kLongText});
  EXPECT_EQ(answer.headers.at("Content-Encoding"), "gzip");
  EXPECT_EQ(answer.headers.at("Vary"), "Accept-Encoding");
  EXPECT_LT(answer.body.size(), kLongText.size() / 10);
  EXPECT_EQ(unzipped(answer.body), kLongText);
}

TEST(Compressing, NotForWhoDoesNotTakeIt) {
  for (const std::string accepts : {"", "br", "gzip;q=0", "identity, gzip; q=0.0", "gzipped"}) {
    const Response answer = answer_to(accepts, {.body = kLongText});
    EXPECT_FALSE(answer.headers.contains("Content-Encoding")) << accepts;
    EXPECT_EQ(answer.headers.at("Vary"), "Accept-Encoding") << "a cache must know all the same";
    EXPECT_EQ(answer.body, kLongText);
  }
}

TEST(Compressing, NeitherShortAnswersNorProblems) {
  EXPECT_EQ(answer_to("gzip", {.body = std::string(1399, 'a')}).body, std::string(1399, 'a'));
  EXPECT_EQ(answer_to("gzip", {.status = 400, .body = kLongText}).body, kLongText);
  EXPECT_EQ(answer_to("gzip", {.body = std::string((16 << 20) + 1, 'a')}).body.size(),
            (16U << 20) + 1);
}

// Who can have something put into an answer must not learn the rest of it by its length.
TEST(Compressing, NoAnswerToASession) {
  const Response answer = answer_to("gzip", {.body = kLongText}, "Bearer sys_1");
  EXPECT_FALSE(answer.headers.contains("Content-Encoding"));
  EXPECT_EQ(answer.body, kLongText);
}

TEST(Compressing, AddsToWhatTheAnswerVariesBy) {
  const Response answer = answer_to("gzip", {.body = kLongText, .headers = {{"Vary", "Accept"}}});
  EXPECT_EQ(answer.headers.at("Vary"), "Accept, Accept-Encoding");
}

}  // namespace
}  // namespace suyuan::http
