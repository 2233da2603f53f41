// StoreDesk: gives this node's store to another node of the ledger (node/peers/peer_store.h), as
// files that are linked for it. It comes before the router: it is not part of the public interface.
#pragma once

#include <functional>
#include <optional>

#include "node/peers/peer_questions.h"
#include "node/peers/peer_store.h"

namespace suyuan {

class StoreDesk {
 public:
  struct Parts {
    // Links the store's files, as of now, into this folder, which does not exist yet.
    std::function<Result<Done>(const std::string& folder)> link;
    std::string folder;  // where a view lies
    Clock clock;
  };
  // A view that an earlier process left is removed.
  StoreDesk(Parts parts, PeerQuestions::Parts asked);
  ~StoreDesk();
  StoreDesk(const StoreDesk&) = delete;
  StoreDesk& operator=(const StoreDesk&) = delete;

  static bool is_ours(const http::Request& request);
  // Network thread only. BUSY: another node takes the store, one question is being answered, or all
  // threads are busy.
  void handle(const http::Request& request, http::Reply reply);
  // Removes a view that nobody has asked about for a while, or that is a day old: it keeps files on
  // the disk that the store no longer needs. Thread-safe; unlinking large files takes a while.
  void sweep();

 private:
  struct View {
    std::string node;  // for whom it was made
    StoreList list;
    bool begun = false;  // a piece was asked for
    int64_t begun_ms = 0;
    int64_t asked_ms = 0;  // last
  };
  Result<Bytes> make(const StoreRequest& request);
  Result<Bytes> begin(const StoreRequest& request);
  bool is_over(const View& view) const;
  Result<Bytes> piece(const StoreRequest& request);
  void remove();
  std::string files_folder() const { return parts_.folder + "/store"; }

  const Parts parts_;
  PeerQuestions questions_;  // its only place guards view_ and the folder
  std::optional<View> view_;
};

}  // namespace suyuan
