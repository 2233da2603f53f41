// The view of a running node's data that a backup is made from: hard links in its data folder, made
// by the node, which alone may open its store, and taken away when whoever asked is gone. So the
// node reads and writes no path that another program names, and copies nothing.
//
// Asked over the Unix socket `backup.sock` in the data folder, by a program of the same user or
// root: "link\n" is answered "linked\n", "failed <why>\n" or "busy <why>\n"; the view lives as long
// as the connection. Within it "erased <leaves>\n" is answered by "<number>\n": how many sections
// of the first so many leaves later ones have erased by now.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "ledger/base/error.h"

namespace suyuan {

// Below the data folder.
inline constexpr std::string_view kBackupView = "/backup.view";
inline constexpr std::string_view kBackupSocket = "/backup.sock";

// The node's side. One asks at a time, on a thread of its own.
class BackupView {
 public:
  // Fills the folder, which is there and empty.
  using Link = std::function<Result<Done>(const std::string& folder)>;
  using Erased = std::function<Result<uint64_t>(uint64_t leaves)>;
  // REQUIRES: the caller has the store in `data` open, so that what lies there of a view is of a
  // node that died. IO.
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
  bool wait_for(int fd) const;  // false: we stop

  const std::string data_;
  const Link link_;
  const Erased erased_;
  const int listening_;
  const int stopping_;  // an eventfd: readable once we stop
  std::thread thread_;
};

// The other side's.
class AskedView {
 public:
  // Waits where another backup is being made. Null: no node answers there. IO, BUSY: what the node
  // says.
  static Result<std::unique_ptr<AskedView>> ask(const std::string& data);
  ~AskedView();
  // Of the first `leaves` leaves, what later ones have erased. IO: the node ended, say.
  Result<uint64_t> erased_since(uint64_t leaves) const;
  AskedView(const AskedView&) = delete;
  AskedView& operator=(const AskedView&) = delete;

 private:
  explicit AskedView(int fd) : fd_(fd) {}
  const int fd_;
};

}  // namespace suyuan
