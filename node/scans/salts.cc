#include "node/scans/salts.h"

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr size_t kFileBytesMax = 4096;

DeviceName name_under(const Salt& salt, std::string_view domain, const Hash& code_key,
                      const std::string& text) {
  const Hash hash = domain_hash(domain, {salt.view(), code_key.view(), BytesView(text)});
  return DeviceName::from(hash.view().substr(0, DeviceName::kSize));
}

}  // namespace

Result<std::unique_ptr<Salts>> Salts::open(const std::string& path, int64_t kept_ms,
                                           int64_t now_ms) {
  std::unique_ptr<Salts> salts(new Salts(path, kept_ms));
  if (file_exists(path)) {
    SUYUAN_TRY(text, read_file(path, kFileBytesMax));
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty()) continue;
      const auto parts = split(line, ' ');
      const auto from = parts.size() == 3 ? from_decimal(parts[1]) : std::nullopt;
      const auto salt = parts.size() == 3 ? fixed_from_base64<Salt>(parts[2]) : std::nullopt;
      if (!from || !salt || parts[0] != "salt") {
        return fail(Code::CORRUPT, path + " has a line that is not a salt");
      }
      salts->entries_.push_back({.from_ms = static_cast<int64_t>(*from), .salt = *salt});
    }
  }
  SUYUAN_TRY_DONE(salts->rotate(now_ms));
  return salts;
}

Result<Done> Salts::write(const std::vector<Entry>& entries) const {
  std::string text;
  for (const Entry& entry : entries) {
    text += "salt " + std::to_string(entry.from_ms) + " " + to_base64(entry.salt.view()) + "\n";
  }
  return write_file(path_, text, FileMode::secret);
}

Result<Done> Salts::rotate(int64_t now_ms) {
  std::vector<Entry> entries = entries_;
  if (entries.empty() || now_ms - entries.back().from_ms >= kept_ms_) {
    entries.push_back({.from_ms = std::max<int64_t>(now_ms, 0), .salt = random_fixed<Salt>()});
  }
  // A salt's last scan is noted before it has served for kept_ms_, and then kept for as long.
  while (entries.size() > 2 ||
         (entries.size() > 1 && now_ms - entries.front().from_ms >= 2 * kept_ms_)) {
    entries.erase(entries.begin());
  }
  if (entries.size() == entries_.size() && !entries_.empty() &&
      entries.back().from_ms == entries_.back().from_ms) {
    return Done{};
  }
  SUYUAN_TRY_DONE(write(entries));
  entries_ = std::move(entries);
  return Done{};
}

Result<Done> Salts::renew(int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  return rotate(now_ms);
}

std::vector<DeviceName> Salts::names_of(const Hash& code_key, const std::string& device,
                                        int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  static_cast<void>(rotate(now_ms));
  std::vector<DeviceName> names;
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    names.push_back(name_under(entry->salt, "suyuan/scan-device/v1\n", code_key, device));
  }
  return names;
}

DeviceName Salts::name_of_place(const Hash& code_key, const std::string& place, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  static_cast<void>(rotate(now_ms));
  return name_under(entries_.back().salt, "suyuan/scan-place/v1\n", code_key, place);
}

}  // namespace suyuan
