#include "node/access/access_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "ledger/base/text.h"
#include "ledger/os/descriptor.h"
#include "ledger/os/files.h"
#include "node/access/quotas.h"

namespace suyuan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNameBegins = "access-";
constexpr size_t kNumberDigits = 20;  // so that names sort like numbers
constexpr size_t kLineBytesMax = 64 << 10;
constexpr double kShareDayMs = 24 * 3'600'000.0;

Unexpected<Error> access_fault(const std::string& path) {
  return fail(Code::IO, "the access log " + path + ": " + std::strerror(errno));
}

std::optional<uint64_t> first_of_name(const std::string& name) {
  if (!name.starts_with(kNameBegins)) return std::nullopt;
  std::string_view digits = std::string_view(name).substr(kNameBegins.size());
  if (digits.size() != kNumberDigits) return std::nullopt;
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return from_decimal(digits);
}

Result<Place> place_from(std::string_view text) {
  const auto parts = split(text, '/');
  const auto leaf = from_decimal(parts[0]);
  const auto event = parts.size() == 2 ? from_decimal(parts[1]) : std::nullopt;
  if (!leaf || !event || *event > UINT32_MAX)
    return fail(Code::CORRUPT, "a line of the access log names no place");
  return Place{.leaf = *leaf, .event = static_cast<uint32_t>(*event)};
}

}  // namespace

std::string write_access_entry(const AccessEntry& entry) {
  std::string places;
  for (const Place& place : entry.places) {
    places += (places.empty() ? "" : ",") + std::to_string(place.leaf) + "/" +
              std::to_string(place.event);
  }
  if (entry.more) places += ",+";
  return std::to_string(entry.number) + " " + std::to_string(entry.time_ms) + " " + entry.party +
         " " + entry.key_id + " " + entry.question + " " +
         (entry.code.empty() ? "-" : entry.code) + " " + (places.empty() ? "-" : places) + "\n";
}

Result<AccessEntry> parse_access_entry(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  const auto fields = split(line, ' ');
  const auto number = from_decimal(fields[0]);
  const auto time = fields.size() == 7 ? from_decimal(fields[1]) : std::nullopt;
  if (!number || !time)
    return fail(Code::CORRUPT, "a line of the access log does not have its seven fields");
  AccessEntry entry{.number = *number,
                    .time_ms = static_cast<int64_t>(*time),
                    .party = std::string(fields[2]),
                    .key_id = std::string(fields[3]),
                    .question = std::string(fields[4])};
  if (fields[5] != "-") entry.code = std::string(fields[5]);
  const auto places = fields[6] == "-" ? std::vector<std::string_view>() : split(fields[6], ',');
  for (const auto one : places) {
    if (one == "+") {
      entry.more = true;
      continue;
    }
    SUYUAN_TRY(place, place_from(one));
    entry.places.push_back(place);
  }
  // Another form of the same, or a number that does not fit.
  if (write_access_entry(entry) != std::string(line) + "\n")
    return fail(Code::CORRUPT, "a line of the access log is not as it is written");
  return entry;
}

std::string AccessLog::path_of(uint64_t first) const {
  const std::string digits = std::to_string(first);
  return folder_ + "/" + std::string(kNameBegins) +
         std::string(kNumberDigits - digits.size(), '0') + digits;
}

Result<std::unique_ptr<AccessLog>> AccessLog::open(const std::string& folder,
                                                   const Limits& limits) {
  SUYUAN_TRY_DONE(make_folder(folder));
  std::unique_ptr<AccessLog> log(new AccessLog(folder, limits));
  std::error_code error;
  for (const auto& found : fs::directory_iterator(folder, error)) {
    const auto first = first_of_name(found.path().filename().string());
    if (first) log->files_[*first] = static_cast<size_t>(found.file_size(error));
  }
  if (error) return fail(Code::IO, folder + ": " + error.message());
  if (log->files_.empty()) return log;
  auto& [first, bytes] = *log->files_.rbegin();
  const std::string path = log->path_of(first);
  SUYUAN_TRY(text, read_file(path, limits.file_bytes_max + kLineBytesMax));
  const size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  log->next_ = first;
  if (whole > 0) {
    const size_t before = text.rfind('\n', whole - 2);
    const size_t begin = whole < 2 || before == std::string::npos ? 0 : before + 1;
    SUYUAN_TRY(last, parse_access_entry(std::string_view(text).substr(begin, whole - begin)));
    log->next_ = last.number + 1;
  }
  log->fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (log->fd_ < 0 || ::ftruncate(log->fd_, static_cast<off_t>(whole)) != 0)
    return access_fault(path);
  bytes = whole;
  return log;
}

AccessLog::~AccessLog() {
  if (fd_ >= 0) ::close(fd_);
}

// Removes the oldest file before it starts a new one, so there are never more than the limit.
Result<Done> AccessLog::begin_file() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  while (files_.size() >= limits_.files_max) {
    if (::unlink(path_of(files_.begin()->first).c_str()) != 0 && errno != ENOENT)
      return access_fault(folder_);
    files_.erase(files_.begin());
  }
  const std::string path = path_of(next_);
  fd_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) return access_fault(path);
  files_[next_] = 0;
  return sync_folder(folder_);
}

Result<Done> AccessLog::take_share(const AccessEntry& entry, size_t bytes) {
  const auto whole = static_cast<double>(limits_.party_bytes_daily);
  const Share fresh{.left = whole, .at_ms = entry.time_ms};
  Share& share = shares_.try_emplace(entry.party, fresh).first->second;
  const auto passed = static_cast<double>(std::max<int64_t>(0, entry.time_ms - share.at_ms));
  share.left = std::min(whole, share.left + passed * whole / kShareDayMs);
  share.at_ms = entry.time_ms;
  if (share.left < static_cast<double>(bytes)) {
    const double wait_ms = (static_cast<double>(bytes) - share.left) * kShareDayMs / whole;
    share.used_up_until_ms =
        entry.time_ms + static_cast<int64_t>(std::ceil(std::min(wait_ms, kShareDayMs)));
    return used_up(entry.party, share, entry.time_ms);
  }
  share.left -= static_cast<double>(bytes);
  return Done{};
}

Unexpected<Error> AccessLog::used_up(const std::string& party, const Share& share,
                                     int64_t now_ms) const {
  return Unexpected(rate_limited("the questions of " + party +
                                     " fill the access log: a party has " +
                                     std::to_string(limits_.party_bytes_daily >> 20) +
                                     " MiB of it per day",
                                 static_cast<uint32_t>(share.used_up_until_ms - now_ms)));
}

Result<Done> AccessLog::check_share(const std::string& party, int64_t now_ms) const {
  const std::lock_guard lock(mutex_);
  const auto found = shares_.find(party);
  // A clock that was set back makes nobody wait longer than a day.
  if (found == shares_.end() || now_ms >= found->second.used_up_until_ms ||
      now_ms < found->second.at_ms)
    return Done{};
  return used_up(party, found->second, now_ms);
}

Result<Done> AccessLog::append(AccessEntry entry) {
  const std::lock_guard lock(mutex_);
  entry.number = next_;
  const std::string line = write_access_entry(entry);
  SUYUAN_TRY_DONE(take_share(entry, line.size()));
  if (fd_ < 0 || files_.rbegin()->second + line.size() > limits_.file_bytes_max)
    SUYUAN_TRY_DONE(begin_file());
  auto& [first, bytes] = *files_.rbegin();
  if (!write_all(fd_, line) || ::fdatasync(fd_) != 0) {
    auto fault = access_fault(path_of(first));
    // It is unknown how much of the line was written. Cut it off, so that the next line is
    // separate.
    if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0) {
      ::close(fd_);
      fd_ = -1;
    }
    return fault;
  }
  bytes += line.size();
  ++next_;
  return Done{};
}

Result<Done> AccessLog::link_to(const std::string& folder) const {
  SUYUAN_TRY_DONE(make_folder(folder));
  const std::lock_guard lock(mutex_);
  for (const auto& [first, bytes] : files_) {
    const std::string path = path_of(first);
    const std::string to = folder + path.substr(folder_.size());
    if (::link(path.c_str(), to.c_str()) != 0) return access_fault(to);
  }
  return Done{};
}

Result<AccessPage> AccessLog::read(uint64_t after, size_t limit) const {
  const std::lock_guard lock(mutex_);
  AccessPage page;
  if (next_ == 1 || files_.empty()) return page;
  page.oldest = files_.begin()->first;
  if (after >= next_ - 1) return page;
  auto file = files_.upper_bound(after + 1);
  if (file != files_.begin()) --file;
  for (; file != files_.end() && page.entries.size() < limit; ++file) {
    SUYUAN_TRY(text, read_file(path_of(file->first), limits_.file_bytes_max + kLineBytesMax));
    std::string_view rest = std::string_view(text).substr(0, file->second);
    while (!rest.empty() && page.entries.size() < limit) {
      const size_t end = rest.find('\n');
      if (end == std::string_view::npos)
        return fail(Code::CORRUPT, "a line of the access log is cut off");
      SUYUAN_TRY(entry, parse_access_entry(rest.substr(0, end)));
      rest.remove_prefix(end + 1);
      if (entry.number > after) page.entries.push_back(std::move(entry));
    }
  }
  return page;
}

}  // namespace suyuan
