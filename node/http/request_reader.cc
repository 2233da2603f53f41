#include "node/http/request_reader.h"

#include <utility>

namespace suyuan::http {
namespace {

namespace beast = boost::beast;
using Message = RequestReader::Message;

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::delete_:
      return Method::del;
    case beast::http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

std::string text_of(const Message& message, beast::http::field field) {
  const auto value = message[field];
  return {value.data(), value.size()};
}

std::string in_lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string media_type(std::string text) {
  text = text.substr(0, text.find(';'));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return in_lower_case(std::move(text));
}

// Without the body.
Result<Request> to_request(const Message& message) {
  SUYUAN_TRY(request, parse_target({message.target().data(), message.target().size()}));
  request.method = method_of(message.method());
  request.host = text_of(message, beast::http::field::host);
  request.content_type = media_type(text_of(message, beast::http::field::content_type));
  request.accept = text_of(message, beast::http::field::accept);
  request.accept_language = text_of(message, beast::http::field::accept_language);
  request.accept_encoding = text_of(message, beast::http::field::accept_encoding);
  request.if_none_match = text_of(message, beast::http::field::if_none_match);
  request.authorization = text_of(message, beast::http::field::authorization);
  for (const auto& field : message) {
    const auto name = field.name_string();
    request.headers[in_lower_case(std::string(name.data(), name.size()))] =
        std::string(field.value().data(), field.value().size());
  }
  return request;
}

}  // namespace

RequestReader::RequestReader(const ServerLimits& limits)
    : header_bytes_max_(limits.header_bytes_max) {
  parser_.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser_.body_limit(limits.body_bytes_max);
  parser_.eager(false);  // it stops after the head, and after each piece of the body
}

bool RequestReader::read_head(Buffer& from, Error& error) {
  const size_t before = from.size();
  const bool is_whole = put(from, error);
  head_bytes_ += before - from.size();
  const size_t waiting = is_whole ? 0 : from.size();  // of the head too
  if (!error && head_bytes_ + waiting > header_bytes_max_) error = beast::http::error::header_limit;
  if (is_whole && !error) request_ = to_request(parser_.get());
  return is_whole || error;
}

bool RequestReader::read_body(Buffer& from, Error& error) {
  const bool is_taken = put(from, error);
  // Bytes of the content are taken as they come: what waits is a chunk's first line, or trailers.
  if (!is_taken && from.size() > header_bytes_max_) error = beast::http::error::header_limit;
  return is_taken || error;
}

// Returns false if the parser needs more bytes.
bool RequestReader::put(Buffer& from, Error& error) {
  if (from.size() == 0) return false;
  from.consume(parser_.put(from.cdata(), error));
  if (error != beast::http::error::need_more) return true;
  error.clear();
  return false;
}

RequestReader::Error RequestReader::ended() const {
  return parser_.got_some() ? beast::http::error::partial_message
                            : beast::http::error::end_of_stream;
}

Result<Request> RequestReader::release() {
  if (request_) request_->body = std::move(parser_.get().body());
  return std::move(request_);
}

}  // namespace suyuan::http
