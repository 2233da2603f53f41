#include "client/audit/row_shelf.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace suyuan {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;

// A file without a name: it goes with its descriptor and its mapping, however the program ends.
class NamelessFile {
 public:
  static Result<NamelessFile> make() {
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    std::string path = (folder / "suyuan-audit-XXXXXX").string();
    const int fd = error ? -1 : ::mkstemp(path.data());
    if (fd < 0) return fail(Code::IO, "cannot make a file for the audit's rows: " + path);
    ::unlink(path.c_str());
    return NamelessFile(fd, folder.string());
  }
  NamelessFile(NamelessFile&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), folder_(std::move(other.folder_)) {}
  NamelessFile& operator=(NamelessFile&&) = delete;
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;
  ~NamelessFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  int fd() const { return fd_; }

  Result<Done> write(BytesView bytes) {
    while (!bytes.empty()) {
      const ssize_t wrote = ::write(fd_, bytes.data(), bytes.size());
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) {
        return fail(Code::IO, "the audit's rows do not fit into " + folder_ + ": " +
                                  std::strerror(errno) + "; TMPDIR names another folder");
      }
      bytes.remove_prefix(static_cast<size_t>(wrote));
    }
    return Done{};
  }

 private:
  NamelessFile(int fd, std::string folder) : fd_(fd), folder_(std::move(folder)) {}
  int fd_;
  std::string folder_;
};

}  // namespace

FileShelf::~FileShelf() {
  for (const auto& [name, mapping] : kept_) {
    if (mapping.bytes > 0) ::munmap(mapping.address, mapping.bytes);
  }
}

Result<BytesView> FileShelf::keep(const std::string& name, const Write& write) {
  SUYUAN_TRY(file, NamelessFile::make());
  Bytes chunk;
  size_t size = 0;
  const Sink sink = [&](BytesView bytes) -> Result<Done> {
    chunk += bytes;
    size += bytes.size();
    if (chunk.size() < kChunkBytes) return Done{};
    SUYUAN_TRY_DONE(file.write(chunk));
    chunk.clear();
    return Done{};
  };
  SUYUAN_TRY_DONE(write(sink));
  SUYUAN_TRY_DONE(file.write(chunk));
  Mapping mapping{.address = nullptr, .bytes = size};
  if (size > 0) {
    mapping.address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.fd(), 0);
    if (mapping.address == MAP_FAILED)
      return fail(Code::IO,
                  std::string("the audit's rows cannot be mapped: ") + std::strerror(errno));
    // without this, each read loads neighbouring pages
    ::madvise(mapping.address, size, MADV_RANDOM);
  }
  const auto before = kept_.find(name);
  if (before != kept_.end() && before->second.bytes > 0)
    ::munmap(before->second.address, before->second.bytes);
  kept_[name] = mapping;
  return BytesView(static_cast<const char*>(mapping.address), size);
}

}  // namespace suyuan
