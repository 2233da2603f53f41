#include "client/witness/desk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note.h"
#include "ledger/merkle/tree.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/witnessed-log/v1\n";
constexpr size_t kKeyFileBytesMax = 4096;
constexpr size_t kLogFileBytesMax = limits::kCheckpointBytesMax + (8 << 10);

std::string origin_hash(std::string_view origin) { return to_hex(sha256(origin).view()); }
std::string log_path(const std::string& folder, std::string_view origin) {
  return folder + "/logs/" + origin_hash(origin);
}

bool is_witnessed_origin(std::string_view origin) {
  return !origin.empty() && origin.size() <= limits::kOriginBytesMax && is_clean_utf8(origin) &&
         std::none_of(origin.begin(), origin.end(),
                      [](char c) { return static_cast<uint8_t>(c) < 0x20; });
}

// The rest of the next line where it is "<keyword> <rest>".
std::optional<std::string_view> take(std::string_view& text, std::string_view keyword) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(keyword) || end <= keyword.size() ||
      text[keyword.size()] != ' ') {
    return std::nullopt;
  }
  const std::string_view rest = text.substr(keyword.size() + 1, end - keyword.size() - 1);
  text.remove_prefix(end + 1);
  return rest;
}

Unexpected<Error> corrupt(std::string why) {
  return fail(Code::CORRUPT, "this is not a file of a watched log: " + std::move(why));
}

}  // namespace

// Only one process changes the folder: two that cosign could contradict each other.
class FolderLock {
 public:
  static Result<std::unique_ptr<FolderLock>> take(const std::string& folder) {
    const std::string path = folder + "/lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
      return fail(Code::IO, "cannot open " + path + "; make the folder with 'suyuan witness init'");
    }
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd);
      return fail(Code::IO, "another witness serves " + folder + "; end it first");
    }
    return std::unique_ptr<FolderLock>(new FolderLock(fd));
  }
  ~FolderLock() { ::close(fd_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  const int fd_;
};

std::string write_witnessed_log(const WitnessedLog& log) {
  std::string text(kHeader);
  text += "origin " + log.origin + "\n";
  for (const auto& key : log.keys) text += "key " + write_note_key(key) + "\n";
  return text + "\n" + log.note;
}

Result<WitnessedLog> parse_witnessed_log(std::string_view text) {
  if (!text.starts_with(kHeader)) return corrupt("another first line");
  text.remove_prefix(kHeader.size());
  const auto origin = take(text, "origin");
  if (!origin || !is_witnessed_origin(*origin)) return corrupt("no origin");
  WitnessedLog log{.origin = std::string(*origin),
                   .keys = {},
                   .head = {.size = 0, .root = empty_root()}};
  while (const auto vkey = take(text, "key")) {
    const auto key = parse_note_key(*vkey);
    if (!key || log.keys.size() == kLogKeysMax) return corrupt("a bad key, or too many");
    log.keys.push_back(*key);
  }
  if (log.keys.empty() || !text.starts_with('\n')) return corrupt("no key or no blank line");
  log.note = text.substr(1);
  if (log.note.empty()) return log;
  const auto opened = open_note(log.note, log.keys);
  if (!opened) return corrupt(opened.error().message);
  const auto checkpoint = parse_checkpoint(opened->text, CheckpointForm::with_extensions);
  if (!checkpoint || checkpoint->origin != log.origin) return corrupt("another log's checkpoint");
  log.head = checkpoint->head;
  return log;
}

Result<NoteKey> make_witness(const std::string& folder, const std::string& name) {
  if (!is_note_name(name)) {
    return fail(Code::INVALID_FIELD,
                "a witness's name is 1 to 255 printable ASCII bytes without '+' and space, "
                "preferably a URL without scheme: witness.example/w1",
                "--name");
  }
  SUYUAN_TRY_DONE(make_folder(folder + "/logs"));
  auto seed = random_fixed<Hash>().bytes();
  const KeyPair pair = key_from_seed(seed);
  const auto text = write_key_file(name, seed, "", {});
  wipe(seed);
  if (!text) return Unexpected(text.error());
  SUYUAN_TRY_DONE(write_new_file(folder + "/witness.key", *text, FileMode::secret));
  return NoteKey{.name = name, .type = NoteKeyType::cosignature, .key = pair.key};
}

Result<Done> watch_log(const std::string& folder, std::string_view vkey,
                       const std::string& origin) {
  SUYUAN_TRY(lock, FolderLock::take(folder));
  SUYUAN_TRY(key, parse_note_key(vkey));
  if (key.type != NoteKeyType::ed25519) {
    return fail(Code::INVALID_FIELD, "a log's key has type 0x01", "--log");
  }
  const std::string& name = origin.empty() ? key.name : origin;
  if (!is_witnessed_origin(name)) {
    return fail(Code::INVALID_FIELD, quote(name) + " is not an origin", "--origin");
  }
  const std::string path = log_path(folder, name);
  WitnessedLog log{.origin = name, .keys = {}, .head = {}};
  if (file_exists(path)) {
    SUYUAN_TRY(text, read_file(path, kLogFileBytesMax));
    SUYUAN_TRY(known, parse_witnessed_log(text));
    log = std::move(known);
  }
  if (std::find(log.keys.begin(), log.keys.end(), key) != log.keys.end()) return Done{};
  if (log.keys.size() == kLogKeysMax) return fail(Code::TOO_MANY, "a log has at most 8 keys");
  log.keys.push_back(key);
  return write_file(path, write_witnessed_log(log), FileMode::shared);
}

WitnessDesk::WitnessDesk(std::string folder, std::unique_ptr<FolderLock> lock, NamedKeyPair key)
    : folder_(std::move(folder)), lock_(std::move(lock)), key_(std::move(key)) {}
WitnessDesk::~WitnessDesk() = default;

Result<std::unique_ptr<WitnessDesk>> WitnessDesk::open(const std::string& folder) {
  SUYUAN_TRY(lock, FolderLock::take(folder));
  SUYUAN_TRY(key_text, read_secret_file(folder + "/witness.key", kKeyFileBytesMax));
  auto key = read_key_file(key_text, "");
  wipe(key_text);
  if (!key) return Unexpected(key.error());
  std::unique_ptr<WitnessDesk> desk(new WitnessDesk(folder, std::move(lock), *std::move(key)));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/logs", error)) {
    const std::string name = entry.path().filename().string();
    // Left behind by a write that did not finish.
    if (name.size() != 2 * Hash::kSize || !from_hex(name)) continue;
    SUYUAN_TRY(text, read_file(entry.path().string(), kLogFileBytesMax));
    auto log = parse_witnessed_log(text);
    if (!log || origin_hash(log->origin) != name) {
      return fail(Code::CORRUPT, entry.path().string() + ": " +
                                     (log ? "is another log's" : log.error().message));
    }
    if (desk->logs_.size() == kWitnessedLogsMax) {
      return fail(Code::TOO_MANY, "a witness watches at most 1,024 logs");
    }
    desk->logs_.emplace(name, *std::move(log));
  }
  if (error) return fail(Code::IO, folder + "/logs: " + error.message());
  return desk;
}

WitnessAnswer WitnessDesk::add_checkpoint(std::string_view body, uint64_t now_s) {
  const auto request = parse_add_checkpoint(body);
  if (!request) return refuse_request(request.error());
  const auto log = logs_.find(origin_hash(origin_of(*request)));
  const CosignerKey by{.name = key_.name, .secret = key_.pair.secret, .key = key_.pair.key};
  auto answer = suyuan::add_checkpoint(*request, log == logs_.end() ? nullptr : &log->second, by,
                                       now_s);
  if (!answer.next) return answer;
  if (judge_) {
    const auto judged = judge_(request->note);
    if (!judged) {
      return {.status = judged.error().code == Code::CORRUPT ? 422 : 503,
              .body = to_text(judged.error()) + "\n"};
    }
  }
  // If we crash before this returns, nobody has the cosignature; afterwards it is never forgotten.
  const auto kept = write_file(log_path(folder_, answer.next->origin),
                               write_witnessed_log(*answer.next), FileMode::shared);
  if (!kept) return {.status = 500, .body = "the witness cannot keep its state\n"};
  log->second = *answer.next;
  return answer;
}

std::optional<std::string> WitnessDesk::checkpoint(std::string_view origin_hash) const {
  const auto log = logs_.find(origin_hash);
  if (log == logs_.end() || log->second.note.empty()) return std::nullopt;
  return log->second.note;
}

std::optional<WitnessedLog> WitnessDesk::only_log() const {
  if (logs_.size() != 1) return std::nullopt;
  return logs_.begin()->second;
}

NoteKey WitnessDesk::key() const {
  return {.name = key_.name, .type = NoteKeyType::cosignature, .key = key_.pair.key};
}

}  // namespace suyuan
