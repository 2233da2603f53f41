// The format: RocksDB's db/log_format.h. Blocks of 32 KiB hold records: u32 masked CRC-32C of type
// and payload, u16 length of the payload, u8 type, payload. No record crosses a block.
#include "ledger/store/rocks/log_check.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <vector>

#include "ledger/store/rocks/status.h"

namespace suyuan {
namespace {

constexpr size_t kHeaderBytes = 7;
constexpr size_t kTypeAt = 6;
constexpr uint8_t kRecyclable = 4;  // types 5 to 8 are 1 to 4 in a recycled log
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

uint8_t byte_at(BytesView bytes, size_t at) { return static_cast<uint8_t>(bytes[at]); }

uint8_t type_of(BytesView record) { return byte_at(record, kTypeAt); }

size_t length_of(BytesView record) {
  return byte_at(record, 4) | static_cast<size_t>(byte_at(record, 5)) << 8;
}

uint32_t stored_checksum(BytesView record) {
  uint32_t masked = 0;
  for (size_t i = 0; i < sizeof masked; ++i) masked |= uint32_t{byte_at(record, i)} << (8 * i);
  constexpr uint32_t kMaskDelta = 0xa282ead8;
  const uint32_t rotated = masked - kMaskDelta;
  return rotated >> 17 | rotated << 15;
}

// Whether the checksum fits the record with this type and the stored length.
bool fits(BytesView record, uint8_t type) {
  const size_t length = length_of(record);
  if (kHeaderBytes + length > record.size()) return false;
  Crc32c checksum;
  checksum.process_byte(type);
  checksum.process_bytes(record.data() + kHeaderBytes, length);
  return checksum.checksum() == stored_checksum(record);
}

// Whether a record can end before `rest`: nothing follows, or only zeros, or a record.
bool can_end_before(BytesView rest) {
  if (std::ranges::all_of(rest, [](char byte) { return byte == '\0'; })) return true;
  return rest.size() >= kHeaderBytes && fits(rest, type_of(rest));
}

// Whether a length fits the checksum that is shorter than the stored one.
bool fits_shorter(BytesView record) {
  const uint32_t stored = stored_checksum(record);
  Crc32c checksum;
  for (size_t end = kHeaderBytes; end <= record.size(); ++end) {
    checksum.process_byte(byte_at(record, end - 1));  // first the type
    if (checksum.checksum() == stored && can_end_before(record.substr(end))) return true;
  }
  return false;
}

// Returns how far before the file's end the damaged record begins.
Result<std::optional<uint64_t>> damaged_in(rocksdb::Env& env, const std::string& file) {
  uint64_t left = 0;
  auto status = env.GetFileSize(file, &left);
  std::unique_ptr<rocksdb::SequentialFile> opened;
  if (status.ok()) status = env.NewSequentialFile(file, &opened, rocksdb::EnvOptions{});
  Bytes room(kLogBlockBytes, '\0');
  rocksdb::Slice block;
  while (status.ok() && left > 0) {
    status = opened->Read(std::min<uint64_t>(left, room.size()), &block, room.data());
    if (!status.ok() || block.empty()) break;
    const auto damaged = damaged_record_in({block.data(), block.size()});
    if (damaged) return std::optional(left - *damaged);
    left -= block.size();
  }
  if (!status.ok()) return fail(status, "read " + file);
  return std::optional<uint64_t>{};
}

bool is_log(const std::string& name) {
  return name.starts_with("MANIFEST-") || name.ends_with(".log");
}

}  // namespace

std::optional<size_t> damaged_record_in(BytesView block) {
  for (size_t at = 0; at + kHeaderBytes <= block.size();) {
    const BytesView record = block.substr(at);
    const uint8_t type = type_of(record);
    if (type == 0 && length_of(record) == 0) break;  // nothing was written from here on
    const bool is_recyclable = type > kRecyclable && type <= 2 * kRecyclable;
    if (is_recyclable && fits(record, type - kRecyclable)) return at;
    const size_t bytes = kHeaderBytes + length_of(record);
    if (bytes > record.size()) return fits_shorter(record) ? std::optional(at) : std::nullopt;
    at += bytes;  // whether its checksum fits, RocksDB sees
  }
  return std::nullopt;
}

Result<Done> check_logs(rocksdb::Env& env, const std::string& path) {
  if (env.FileExists(path + "/CURRENT").IsNotFound()) return Done{};
  std::vector<std::string> names;
  const auto status = env.GetChildren(path, &names);
  if (!status.ok()) return fail_open(status, path);
  for (const std::string& name : names) {
    if (!is_log(name)) continue;
    SUYUAN_TRY(damaged, damaged_in(env, path + "/" + name));
    if (damaged) {
      return fail_open(rocksdb::Status::Corruption(
                           "a record's type or length is changed, " + std::to_string(*damaged) +
                           " bytes before the end of " + name),
                       path);
    }
  }
  return Done{};
}

}  // namespace suyuan
