#include "tests/faults/disk.h"

#include <algorithm>

namespace suyuan::test {
namespace {

constexpr uint64_t kSector = 512;

// Applies the first `kept` name changes since the folder was synced, and returns the names.
std::map<std::string, uint64_t> names_after(const DiskState& state, size_t kept) {
  auto names = state.names_synced;
  for (size_t i = 0; i < kept; ++i) {
    const auto& change = state.changes[i];
    switch (change.kind) {
      case DiskState::Change::Kind::add: names[change.name] = change.file; break;
      case DiskState::Change::Kind::remove: names.erase(change.name); break;
      case DiskState::Change::Kind::rename:
        names[change.to] = change.file;
        names.erase(change.name);
        break;
    }
  }
  return names;
}

void blank(std::string& bytes, uint64_t from, uint64_t end) {
  end = std::min<uint64_t>(end, bytes.size());
  for (uint64_t i = from; i < end; ++i) bytes[i] = '\0';
}

std::string bytes_after(const DiskFile& file, Loss loss, std::mt19937_64& random) {
  std::string bytes = file.read(0, file.size);
  for (const auto& [from, end] : file.unwritten) blank(bytes, from, end);
  uint64_t end = file.synced;
  const uint64_t more = file.size - file.synced;
  if (loss != Loss::drop && more > 0) {
    end += random() % (more + 1);
    if (end != file.size && random() % 4 != 0) end = std::max(file.synced, end / kSector * kSector);
  }
  bytes.resize(end);
  if (loss == Loss::reorder) {
    for (uint64_t at = file.synced; at < end; at = (at / kSector + 1) * kSector) {
      if (random() % 2 == 0) blank(bytes, at, (at / kSector + 1) * kSector);
    }
  }
  return bytes;
}

std::shared_ptr<const DiskFile> synced_file(std::string bytes) {
  DiskFile file;
  file.size = file.synced = bytes.size();
  if (file.size != 0) {
    file.pieces.push_back(
        {.from = 0, .bytes = std::make_shared<const std::string>(std::move(bytes))});
  }
  return std::make_shared<const DiskFile>(std::move(file));
}

}  // namespace

std::string DiskFile::read(uint64_t from, uint64_t length) const {
  std::string out;
  if (from >= size) return out;
  const uint64_t end = std::min(size, from + length);
  auto piece = std::upper_bound(pieces.begin(), pieces.end(), from,
                                [](uint64_t at, const Piece& one) { return at < one.from; });
  for (--piece; from < end; ++piece) {
    const uint64_t skip = from - piece->from;
    const uint64_t take = std::min<uint64_t>(piece->bytes->size() - skip, end - from);
    out.append(*piece->bytes, skip, take);
    from += take;
  }
  return out;
}

DiskState after_power_loss(const DiskState& state, Loss loss, std::mt19937_64& random) {
  DiskState after;
  const size_t kept = loss == Loss::drop ? 0 : random() % (state.changes.size() + 1);
  for (const auto& [name, id] : names_after(state, kept)) {
    const uint64_t file = after.next_file++;
    after.names[name] = file;
    after.files[file] = synced_file(bytes_after(*state.files.at(id), loss, random));
  }
  after.names_synced = after.names;
  return after;
}

DiskState Disk::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

void Disk::fail(const DiskFault& fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = fault;
  matching_ = 0;
  hit_ = false;
  counts_.clear();
}

uint64_t Disk::operations(uint32_t ops) const {
  const std::scoped_lock lock(mutex_);
  uint64_t sum = 0;
  for (const auto& [op, count] : counts_) sum += (ops & only(op)) != 0 ? count : 0;
  return sum;
}

bool Disk::fault_hit() const {
  const std::scoped_lock lock(mutex_);
  return hit_;
}

void Disk::cut_power() {
  const std::scoped_lock lock(mutex_);
  off_ = true;
}

void Disk::cut_power_at(uint64_t n) {
  const std::scoped_lock lock(mutex_);
  until_off_ = n;
}

bool Disk::is_off() const {
  const std::scoped_lock lock(mutex_);
  return off_;
}

void Disk::set_capacity(uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  capacity_ = bytes;
}

void Disk::watch(std::function<void(const DiskState&)> watcher) {
  const std::scoped_lock lock(mutex_);
  watcher_ = std::move(watcher);
}

// Decides whether the operation proceeds. Requires: the lock is held.
DiskAnswer Disk::begin(DiskOp op) {
  if (op != DiskOp::read && until_off_ != 0 && --until_off_ == 0) off_ = true;
  if (off_) return DiskAnswer::io_error;
  if (watcher_ && op != DiskOp::read) watcher_(state_);
  ++counts_[op];
  if (fault_.at == 0 || (fault_.ops & only(op)) == 0) return DiskAnswer::ok;
  ++matching_;
  if (matching_ != fault_.at && !(fault_.forever && matching_ > fault_.at)) return DiskAnswer::ok;
  hit_ = true;
  return fault_.no_space ? DiskAnswer::no_space : DiskAnswer::io_error;
}

// The same for names. `done` says whether the change is made, the answer what is reported.
DiskAnswer Disk::begin_name(DiskOp op, bool& done) {
  const auto answer = begin(op);
  done = answer == DiskAnswer::ok;
  return hides_failed_names_ && !off_ ? DiskAnswer::ok : answer;
}

// Returns a private copy of the file, so that copied states keep the old contents.
DiskFile& Disk::to_change(uint64_t file) {
  auto& kept = state_.files.at(file);
  if (kept.use_count() > 1) kept = std::make_shared<const DiskFile>(*kept);
  return const_cast<DiskFile&>(*kept);  // not shared
}

void Disk::write(uint64_t file, std::string_view bytes) {
  if (bytes.empty()) return;
  DiskFile& changed = to_change(file);
  changed.pieces.push_back(
      {.from = changed.size, .bytes = std::make_shared<const std::string>(bytes)});
  changed.size += bytes.size();
}

uint64_t Disk::used() const {
  uint64_t sum = 0;
  for (const auto& [name, file] : state_.names) sum += state_.files.at(file)->size;
  return sum;
}

DiskAnswer Disk::create(const std::string& name, uint64_t& file) {
  const std::scoped_lock lock(mutex_);
  bool named = false;
  if (const auto answer = begin_name(DiskOp::create, named); answer != DiskAnswer::ok) {
    return answer;
  }
  file = state_.next_file++;
  state_.files[file] = std::make_shared<const DiskFile>();
  if (!named) return DiskAnswer::ok;
  state_.names[name] = file;
  state_.changes.push_back({.kind = DiskState::Change::Kind::add, .name = name, .file = file});
  return DiskAnswer::ok;
}

DiskAnswer Disk::open(const std::string& name, uint64_t& file) {
  const std::scoped_lock lock(mutex_);
  const auto found = state_.names.find(name);
  if (found == state_.names.end()) return DiskAnswer::missing;
  file = found->second;
  return begin(DiskOp::read);
}

DiskAnswer Disk::read(uint64_t file, uint64_t from, uint64_t length, std::string& bytes) {
  const std::scoped_lock lock(mutex_);
  const auto answer = begin(DiskOp::read);
  if (answer == DiskAnswer::ok) bytes = state_.files.at(file)->read(from, length);
  return hides_failed_reads_ && !off_ ? DiskAnswer::ok : answer;
}

DiskAnswer Disk::append(uint64_t file, std::string_view bytes) {
  const std::scoped_lock lock(mutex_);
  auto answer = begin(DiskOp::write);
  if (answer != DiskAnswer::ok) {
    if (!off_) write(file, bytes.substr(0, bytes.size() / 2));  // fails half way
    return answer;
  }
  if (capacity_ != ~uint64_t{0}) {
    const uint64_t held = used();
    const uint64_t room = held >= capacity_ ? 0 : capacity_ - held;
    if (room < bytes.size()) {
      hit_ = true;
      answer = DiskAnswer::no_space;
      bytes = bytes.substr(0, room);
    }
  }
  write(file, bytes);
  return answer;
}

DiskAnswer Disk::truncate(uint64_t file, uint64_t size) {
  const std::scoped_lock lock(mutex_);
  if (const auto answer = begin(DiskOp::write); answer != DiskAnswer::ok) return answer;
  DiskFile& changed = to_change(file);
  if (size >= changed.size) return DiskAnswer::ok;
  std::string bytes = changed.read(0, size);
  changed.pieces = {{.from = 0, .bytes = std::make_shared<const std::string>(std::move(bytes))}};
  changed.size = size;
  changed.synced = std::min(changed.synced, size);
  return DiskAnswer::ok;
}

DiskAnswer Disk::sync(uint64_t file) {
  const std::scoped_lock lock(mutex_);
  const auto answer = begin(DiskOp::sync);
  if (off_ || ignores_syncs_) return answer;
  DiskFile& changed = to_change(file);
  if (answer != DiskAnswer::ok) {
    if (changed.size > changed.synced) changed.unwritten.emplace_back(changed.synced, changed.size);
    if (!retries_syncs_) return answer;
  }
  changed.synced = changed.size;
  return DiskAnswer::ok;
}

DiskAnswer Disk::sync_folder() {
  const std::scoped_lock lock(mutex_);
  bool synced = false;
  const auto answer = begin_name(DiskOp::sync_folder, synced);
  if (!synced || ignores_folder_syncs_) return answer;
  state_.names_synced = state_.names;
  state_.changes.clear();
  return DiskAnswer::ok;
}

DiskAnswer Disk::rename(const std::string& name, const std::string& to) {
  const std::scoped_lock lock(mutex_);
  const auto found = state_.names.find(name);
  if (found == state_.names.end()) return DiskAnswer::missing;
  bool renamed = false;
  const auto answer = begin_name(DiskOp::rename, renamed);
  if (!renamed) return answer;
  const uint64_t file = found->second;
  state_.names.erase(found);
  state_.names[to] = file;
  state_.changes.push_back(
      {.kind = DiskState::Change::Kind::rename, .name = name, .to = to, .file = file});
  return DiskAnswer::ok;
}

DiskAnswer Disk::remove(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto found = state_.names.find(name);
  if (found == state_.names.end()) return DiskAnswer::missing;
  bool removed = false;
  const auto answer = begin_name(DiskOp::remove, removed);
  if (!removed) return answer;
  state_.names.erase(found);
  state_.changes.push_back({.kind = DiskState::Change::Kind::remove, .name = name});
  return DiskAnswer::ok;
}

uint64_t Disk::size(uint64_t file) const {
  const std::scoped_lock lock(mutex_);
  return state_.files.at(file)->size;
}

std::vector<std::string> Disk::names() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [name, file] : state_.names) all.push_back(name);
  return all;
}

std::string contents(const DiskState& state, const std::string& name) {
  const auto& file = *state.files.at(state.names.at(name));
  return file.read(0, file.size);
}

void put_contents(DiskState& state, const std::string& name, std::string bytes) {
  const uint64_t file = state.next_file++;
  state.files[file] = synced_file(std::move(bytes));
  state.names[name] = state.names_synced[name] = file;
}

}  // namespace suyuan::test
