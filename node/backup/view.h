// The view of a running node's data that a backup is made from: hard links in its data folder. The
// node makes them, because only it may open its store, and removes them when the requester is gone.
// The node thus reads and writes no path that another program names, and copies nothing.
//
// Requested over the Unix socket `backup.sock` in the data folder, by a program of the same user or
// root. "link\n" is answered by "linked\n", "failed <why>\n" or "busy <why>\n"; the view lives as
// long as the connection. Then "erased <leaves>\n" is answered by "<number>\n": how many sections
// of the first <leaves> leaves later ones have erased by now.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "ledger/base/error.h"

namespace suyuan {

// Relative to the data folder.
inline constexpr std::string_view kBackupView = "/backup.view";
inline constexpr std::string_view kBackupSocket = "/backup.sock";

// The node's side. Serves one requester at a time, on its own thread.
class BackupView {
 public:
  // Fills the folder, which exists and is empty.
  using Link = std::function<Result<Done>(const std::string& folder)>;
  using Erased = std::function<Result<uint64_t>(uint64_t leaves)>;
  // Errors: IO.
  // Requires: the caller has the store in `data` open, so any view found there is of a node that
  // died.
  static Result<std::unique_ptr<BackupView>> listen(const std::string& data, Link link,
                                                    Erased erased);
  ~BackupView();
  BackupView(const BackupView&) = delete;
  BackupView& operator=(const BackupView&) = delete;

 private:
  BackupView(std::string data, Link link, Erased erased, int listening, int stopping);
  void run() const;
  void serve(int peer) const;
  void answer_of_erased(int peer) const;
  bool wait_for(int fd) const;  // false: stopping

  const std::string data_;
  const Link link_;
  const Erased erased_;
  const int listening_;
  const int stopping_;  // an eventfd, readable once stopping
  std::thread thread_;
};

// The requester's side.
class AskedView {
 public:
  // Waits while another backup is being made. Returns null if no node answers there.
  // Errors: IO, BUSY (as the node says).
  static Result<std::unique_ptr<AskedView>> ask(const std::string& data);
  ~AskedView();
  // Returns how many sections of the first `leaves` leaves later ones have erased.
  // Errors: IO (the node ended, for example).
  Result<uint64_t> erased_since(uint64_t leaves) const;
  AskedView(const AskedView&) = delete;
  AskedView& operator=(const AskedView&) = delete;

 private:
  explicit AskedView(int fd) : fd_(fd) {}
  const int fd_;
};

}  // namespace suyuan
