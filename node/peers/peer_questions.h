// PeerQuestions: what every question of another node has to pass before it is answered, whatever it
// asks for. It is a POST of bounded size, a worker is free, the note in it is by one of the
// ledger's nodes, to this node and still valid (node/peers/peer_request.h), and few are being
// answered.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "node/clock.h"
#include "node/http/http.h"
#include "node/peers/peer_request.h"
#include "node/workers.h"

namespace suyuan {

class PeerQuestions {
 public:
  struct Parts {
    Workers& workers;
    LedgerId ledger;
    std::string self;  // our name
    std::function<std::vector<NamedKey>()> nodes;  // in force
    Clock clock;
  };
  // `most`: that are answered at once. More are answered BUSY.
  PeerQuestions(Parts parts, int most) : parts_(std::move(parts)), most_(most) {}

  // Network thread only. `open` judges the body, by open_peer_note; `make` makes the answer's
  // bytes. Both run on a worker. BUSY, also from `make`, is answered with Retry-After.
  template <class Question>
  void take(const http::Request& request, http::Reply reply,
            Result<Question> (*open)(std::string_view body, const PeerAsked& asked),
            std::function<Result<Bytes>(const std::type_identity_t<Question>&)> make) {
    start(request, std::move(reply),
          [this, open, make = std::move(make)](std::string_view body,
                                               const PeerAsked& asked) -> Result<Bytes> {
            SUYUAN_TRY(question, open(body, asked));
            // Only a node's own signed question takes a place: otherwise anyone's noise keeps the
            // nodes out.
            const Place place(*this);
            if (!place) return Unexpected(busy());
            return make(question);
          });
  }

  // One of the places of those that are answered, while it lives; false: all are taken. The holder
  // of the only place has what it guards to itself. Thread-safe.
  class Place {
   public:
    explicit Place(PeerQuestions& of) : taken_(of.taken_), ours_(taken_.fetch_add(1) < of.most_) {}
    ~Place() { taken_.fetch_sub(1); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    explicit operator bool() const { return ours_; }

   private:
    std::atomic<int>& taken_;  // counts this one even if it is false: it goes at once
    const bool ours_;
  };

 private:
  using Judge = std::function<Result<Bytes>(std::string_view body, const PeerAsked& asked)>;
  void start(const http::Request& request, http::Reply reply, Judge judge) const;
  http::Response answer(const std::string& body, const Judge& judge) const;
  static Error busy();

  const Parts parts_;
  const int most_;
  std::atomic<int> taken_ = 0;
};

}  // namespace suyuan
