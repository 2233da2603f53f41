#include "client/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/batch/receipt.h"
#include "ledger/os/files.h"
#include "proto/json/answers_json.h"
#include "proto/json/reader.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

constexpr std::string_view kHead = "suyuan-journal/v1 ";
constexpr size_t kJournalBytesMax = size_t{2} << 30;

// Takes the text up to the next blank; `rest` continues after it.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

std::string join(const std::vector<Hash>& contents) {
  std::string out;
  for (const auto& content : contents) {
    if (!out.empty()) out += ',';
    out += to_base64(content.view());
  }
  return out;
}

Unexpected<Error> bad_line(std::string_view line) {
  return fail(Code::CORRUPT, "the journal has a line that this program does not write: " +
                                 quote(line.substr(0, 40)));
}

}  // namespace

Journal::~Journal() {
  if (lock_ >= 0) ::close(lock_);
}

std::unique_ptr<Journal> Journal::none() { return std::unique_ptr<Journal>(new Journal()); }

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, const LedgerId& ledger,
                                               const std::string& party) {
  std::unique_ptr<Journal> journal(new Journal());
  journal->path_ = path;
  const std::string head = std::string(kHead) + ledger.line() + " " + party;
  if (!file_exists(path)) SUYUAN_TRY_DONE(write_file(path, head + "\n", FileMode::secret));
  // A lock on the file itself: it ends with the program, however that ends.
  journal->lock_ = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (journal->lock_ < 0) return fail(Code::IO, "cannot open the journal " + path);
  if (::flock(journal->lock_, LOCK_EX | LOCK_NB) != 0) {
    return fail(Code::BUSY, "another program is posting with the journal " + path);
  }
  SUYUAN_TRY(text, read_file(path, kJournalBytesMax));
  const size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0
  if (whole < text.size()) {
    text.resize(whole);
    if (::ftruncate(journal->lock_, static_cast<off_t>(whole)) != 0 ||
        ::fsync(journal->lock_) != 0) {
      return fail(Code::IO, "cannot repair the journal " + path);
    }
  }
  auto read = journal->read(text, head);
  if (!read) return fail(read.error().code, path + ": " + read.error().message);
  return journal;
}

Result<Done> Journal::read(std::string_view text, const std::string& head) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (!first.starts_with(kHead)) return bad_line(first);
  if (first != head) {
    return fail(Code::LEDGER_MISMATCH, "this journal was begun for another ledger or party (" +
                                           std::string(first.substr(kHead.size())) +
                                           "); name another one with --journal");
  }
  text.remove_prefix(first.size() + 1);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    SUYUAN_TRY_DONE(read_line(line));
    text.remove_prefix(line.size() + 1);
  }
  return Done{};
}

Result<Done> Journal::read_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view verb = take_word(rest);
  const auto number = from_decimal(take_word(rest));
  if (!number) return bad_line(line);
  if (verb == "batch") {
    if (*number != next_) return bad_line(line);
    Batch batch{.number = next_++, .contents = {}, .submission = {}};
    for (const auto digest : split(take_word(rest), ',')) {
      const auto content = fixed_from_base64<Hash>(digest);
      if (!content) return bad_line(line);
      batch.contents.push_back(*content);
      ++known_[*content];
    }
    auto submission = parse_submission_json(rest);
    if (!submission || submission->events.size() != batch.contents.size()) return bad_line(line);
    batch.submission = *std::move(submission);
    open_.push_back(std::move(batch));
    return Done{};
  }
  const auto found = std::find_if(open_.begin(), open_.end(),
                                  [&](const Batch& one) { return one.number == *number; });
  if (found == open_.end() || (verb != "receipt" && verb != "refused")) return bad_line(line);
  if (verb == "refused") {
    for (const auto& content : found->contents) --known_[content];
  }
  open_.erase(found);
  return Done{};
}

bool Journal::take_known(const Hash& content) {
  const auto found = known_.find(content);
  if (found == known_.end() || found->second == 0) return false;
  --found->second;
  return true;
}

Result<Done> Journal::append(std::string_view line) {
  if (path_.empty()) return Done{};
  // Nothing may follow a line that was cut short: open() removes only a cut-off end.
  if (broken_) return Unexpected(*broken_);
  auto appended = append_line(path_, line);
  if (!appended) broken_ = appended.error();
  return appended;
}

Result<size_t> Journal::add(const std::vector<Hash>& contents, const Submission& submission) {
  const size_t number = next_;
  if (!path_.empty()) {
    SUYUAN_TRY_DONE(append("batch " + std::to_string(number) + " " + join(contents) + " " +
                           write_submission_json(submission)));
  }
  ++next_;
  return number;
}

Result<Done> Journal::settle(size_t number, const BatchReceipt& receipt) {
  const AnswerHead head{.size = receipt.leaf + 1, .time_ms = receipt.time_ms};
  return append("receipt " + std::to_string(number) + " " + to_json(head, receipt));
}

Result<Done> Journal::refuse(size_t number, Code code) {
  return append("refused " + std::to_string(number) + " " + std::string(info(code).name));
}

namespace {

// Parses "receipt <n> <JSON>"; returns empty for another line.
Result<std::string> receipt_note_of(std::string_view line) {
  std::string_view rest = line;
  if (take_word(rest) != "receipt") return std::string();
  take_word(rest);
  const auto document = parse_json(rest);
  if (!document || document->root().kind() != NodeKind::object) return bad_line(line);
  FirstFault faults;
  ObjectReader answer(document->root(), "", faults);
  const auto receipt = answer.find("receipt");
  if (!receipt) return bad_line(line);
  ObjectReader object(*receipt, "receipt", faults);
  std::string note;
  object.text("note", note);
  if (faults.any() || note.empty()) return bad_line(line);
  return note;
}

}  // namespace

Result<std::vector<std::string>> receipts_in_journal(const std::string& path,
                                                     const LedgerId& ledger) {
  SUYUAN_TRY(text, read_file(path, kJournalBytesMax));
  std::string_view rest = text;
  const std::string_view first = rest.substr(0, rest.find('\n'));
  if (!first.starts_with(kHead)) return bad_line(first);
  if (!first.substr(kHead.size()).starts_with(ledger.line() + " ")) {
    return fail(Code::LEDGER_MISMATCH, path + " was begun for another ledger");
  }
  std::map<uint64_t, std::string> by_size;
  for (const auto line : split(rest, '\n')) {
    SUYUAN_TRY(note, receipt_note_of(line));
    if (note.empty()) continue;
    SUYUAN_TRY(receipt, parse_receipt(note, 0, {}));
    by_size.emplace(receipt.text.size, std::move(note));
  }
  std::vector<std::string> notes;
  for (auto& [size, note] : by_size) notes.push_back(std::move(note));
  return notes;
}

}  // namespace suyuan
