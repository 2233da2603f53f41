// The body of a request as Beast's parser fills it: room is taken for what has come, never for what
// was announced. Beast's own string_body takes the whole Content-Length at the first byte, so that
// many heads with large numbers would take memory that nobody has sent.
#pragma once

#include <algorithm>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/buffer_traits.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <limits>
#include <string>

namespace suyuan::http {

struct GrowingBody {
  using value_type = std::string;
  static std::uint64_t size(const value_type& body) { return body.size(); }

  // Meets Beast's BodyReader.
  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, value_type& body) : body_(body) {}

    void init(const boost::optional<std::uint64_t>& announced, boost::system::error_code& error) {
      error = {};
      if (announced && *announced < most_) most_ = static_cast<std::size_t>(*announced);
    }

    template <class ConstBuffers>
    std::size_t put(const ConstBuffers& buffers, boost::system::error_code& error) {
      error = {};
      const std::size_t extra = boost::beast::buffer_bytes(buffers);
      grow_to(body_.size() + extra);
      for (const auto piece : boost::beast::buffers_range_ref(buffers))
        body_.append(static_cast<const char*>(piece.data()), piece.size());
      return extra;
    }

    void finish(boost::system::error_code& error) { error = {}; }

   private:
    // Doubled, so that few copies are made, but not beyond what was announced.
    void grow_to(std::size_t bytes) {
      if (bytes <= body_.capacity()) return;
      std::string larger;  // a string that grows would itself double
      larger.reserve(std::max(bytes, std::min(2 * body_.capacity(), most_)));
      larger.append(body_);
      body_.swap(larger);
    }

    value_type& body_;
    std::size_t most_ = std::numeric_limits<std::size_t>::max();
  };
};

}  // namespace suyuan::http
