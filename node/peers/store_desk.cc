#include "node/peers/store_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "ledger/os/descriptor.h"
#include "ledger/os/folders.h"
#include "ledger/store/rocks/file_names.h"

namespace suyuan {
namespace {

constexpr std::string_view kStorePath = "/node/store";
constexpr int kStoreAnswersMax = 1;  // neither question takes long, and a piece has megabytes
constexpr int64_t kBeginPauseMs = 5'000;
constexpr int64_t kClockStepMs = 10'000;  // that NTP may set the clock back by
constexpr size_t kViewNumberBytes = 7;  // a note's numbers have at most 19 digits

Error busy(std::string why) { return {.code = Code::BUSY, .message = std::move(why)}; }

Result<std::vector<StoreFile>> files_in(const std::string& folder) {
  std::vector<StoreFile> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (is_file_of_a_process(name)) continue;
    const uint64_t bytes = at->file_size(error);
    if (error) break;
    files.push_back({.name = name, .bytes = bytes});
  }
  if (error) return fail(Code::IO, "cannot read " + folder + ": " + error.message());
  if (files.size() > kStoreFilesMax) {
    return fail(Code::TOO_MANY, "the store has more than " + std::to_string(kStoreFilesMax) +
                                    " files: take a backup (docs/backup.md)");
  }
  std::ranges::sort(files, {}, &StoreFile::name);
  return files;
}

// The bytes of a file from there on, at most a piece.
Result<Bytes> read_piece(const std::string& path, uint64_t from, uint64_t size) {
  SUYUAN_TRY(file, open_to_read(path));
  return read_part(file, path, from, std::min<uint64_t>(size - from, kStorePieceBytesMax));
}

}  // namespace

StoreDesk::StoreDesk(Parts parts, PeerQuestions::Parts asked)
    : parts_(std::move(parts)), questions_(std::move(asked), kStoreAnswersMax) {
  remove();
}

StoreDesk::~StoreDesk() { remove(); }

bool StoreDesk::is_ours(const http::Request& request) { return request.path == kStorePath; }

void StoreDesk::handle(const http::Request& request, http::Reply reply) {
  questions_.take(request, std::move(reply), open_store_request,
                  [this](const StoreRequest& question) { return make(question); });
}

Result<Bytes> StoreDesk::make(const StoreRequest& request) {
  return request.view == 0 ? begin(request) : piece(request);
}

Result<Bytes> StoreDesk::begin(const StoreRequest& request) {
  const int64_t now_ms = parts_.clock();
  if (view_ && view_->node != request.envelope.node && !is_over(*view_)) {
    return Unexpected(busy("node " + view_->node + " takes this store"));
  }
  // Asked again by who did not wait long enough for the first answer.
  if (view_ && !view_->begun && !is_over(*view_)) return encode_store_list(view_->list);
  // Each view writes out what the store has in memory.
  if (view_ && !is_over(*view_) && now_ms - view_->begun_ms < kBeginPauseMs) {
    return Unexpected(busy("a view was made a moment ago"));
  }
  remove();
  // In a folder below: whatever a kill leaves of the links goes with the view.
  auto linked = make_folder(parts_.folder);
  if (linked) linked = parts_.link(files_folder());
  auto files = linked ? files_in(files_folder())
                      : Result<std::vector<StoreFile>>(Unexpected(std::move(linked).error()));
  if (!files) {
    remove();
    return Unexpected(std::move(files).error());
  }
  uint64_t number = 0;
  while (number == 0) fill_random(reinterpret_cast<uint8_t*>(&number), kViewNumberBytes);
  view_ = View{.node = request.envelope.node,
               .list = {.view = number, .files = *std::move(files)},
               .begun_ms = parts_.clock(),
               .asked_ms = parts_.clock()};
  spdlog::info("node {} takes this node's store: {} files", view_->node,
               view_->list.files.size());
  return encode_store_list(view_->list);
}

bool StoreDesk::is_over(const View& view) const {
  const int64_t now_ms = parts_.clock();
  // A clock that was set back says nothing about the time since: the node may begin again.
  if (now_ms < view.asked_ms - kClockStepMs) return true;
  return now_ms - view.asked_ms >= kStoreViewIdleMs || now_ms - view.begun_ms >= kStoreViewMs;
}

Result<Bytes> StoreDesk::piece(const StoreRequest& request) {
  if (!view_ || view_->list.view != request.view || view_->node != request.envelope.node) {
    return fail(Code::NOT_FOUND, "this view of the store is gone: begin again", "view");
  }
  if (request.file >= view_->list.files.size()) {
    return fail(Code::NOT_FOUND, "the view has " + std::to_string(view_->list.files.size()) +
                                     " files", "file");
  }
  const StoreFile& file = view_->list.files[request.file];
  if (request.from > file.bytes) {
    return fail(Code::NOT_FOUND, "the file has " + std::to_string(file.bytes) + " bytes", "from");
  }
  if (is_over(*view_)) return fail(Code::NOT_FOUND, "this view of the store is over", "view");
  view_->asked_ms = parts_.clock();
  view_->begun = true;
  return read_piece(files_folder() + "/" + file.name, request.from, file.bytes);
}

void StoreDesk::sweep() {
  const PeerQuestions::Place place(questions_);
  if (!place || !view_ || !is_over(*view_)) return;
  spdlog::info("node {} asks no more for this node's store", view_->node);
  remove();
}

void StoreDesk::remove() {
  view_.reset();
  if (const auto removed = remove_folder(parts_.folder); !removed) {
    spdlog::error("the links of a store that was given to another node remain: {}",
                  to_text(removed.error()));
  }
}

}  // namespace suyuan
