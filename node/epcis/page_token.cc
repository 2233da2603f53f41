#include "node/epcis/page_token.h"

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hmac.h"

namespace suyuan::epcis {
namespace {

constexpr size_t kMacBytes = 16;
constexpr size_t kTokenBytesMax = 4096;
constexpr uint8_t kHasSpot = 1;
constexpr uint8_t kHasRemaining = 2;

Unexpected<Error> bad_token() {
  return fail(Code::PAGE_TOKEN_INVALID,
              "use the link of the page before, with the same question, within a day",
              "nextPageToken");
}

Bytes encode_token(const PageToken& token) {
  Bytes body;
  put_u8(body, static_cast<uint8_t>((token.cursor.after ? kHasSpot : 0) |
                                    (token.cursor.remaining ? kHasRemaining : 0)));
  put_i64(body, token.expires_ms);
  put_u64(body, token.cursor.size);
  put_u64(body, token.cursor.rank);
  if (token.cursor.after) {
    put_i64(body, token.cursor.after->time_ms);
    put_u64(body, token.cursor.after->place.leaf);
    put_u32(body, token.cursor.after->place.event);
  }
  if (token.cursor.remaining) put_u64(body, *token.cursor.remaining);
  put_string(body, token.name);
  return body;
}

std::optional<PageToken> decode_token(BytesView body) {
  Decoder decoder(body);
  PageToken token;
  uint8_t flags = 0;
  bool good = decoder.get_u8(flags) && decoder.get_i64(token.expires_ms) &&
              decoder.get_u64(token.cursor.size) && decoder.get_u64(token.cursor.rank);
  if (good && (flags & kHasSpot) != 0) {
    Spot& spot = token.cursor.after.emplace();
    good = decoder.get_i64(spot.time_ms) && decoder.get_u64(spot.place.leaf) &&
           decoder.get_u32(spot.place.event);
  }
  if (good && (flags & kHasRemaining) != 0)
    good = decoder.get_u64(token.cursor.remaining.emplace());
  good = good && decoder.get_string(token.name) && decoder.done();
  return good ? std::optional<PageToken>(std::move(token)) : std::nullopt;
}

}  // namespace

Bytes PageTokens::mac(BytesView body, std::string_view asked) const {
  Bytes text = "suyuan/epcis/page\n";
  put_string(text, asked);
  text += body;
  return Bytes(hmac_sha256(secret_.view(), text).view().substr(0, kMacBytes));
}

// Hex: it stands in URLs and headers as it is.
std::string PageTokens::write(const PageToken& token, std::string_view asked) const {
  const Bytes body = encode_token(token);
  return to_hex(mac(body, asked) + body);
}

Result<PageToken> PageTokens::read(std::string_view text, std::string_view asked,
                                   int64_t now_ms) const {
  if (text.size() > kTokenBytesMax) return bad_token();
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() < kMacBytes) return bad_token();
  const BytesView body = BytesView(*bytes).substr(kMacBytes);
  if (!equal_in_constant_time(mac(body, asked), BytesView(*bytes).substr(0, kMacBytes)))
    return bad_token();
  auto token = decode_token(body);
  if (!token || now_ms >= token->expires_ms) return bad_token();
  return *std::move(token);
}

}  // namespace suyuan::epcis
