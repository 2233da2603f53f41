#include "tests/e2e/running_node.h"

#include <unistd.h>

#include <future>
#include <mutex>

#include "ledger/base/limits.h"
#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "node/node.h"

namespace suyuan::test {
namespace {

// In a test the only thing to do about a broken set-up is to say so and end.
template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "set-up failed: %s\n", to_text(result.error()).c_str());
    std::abort();
  }
  return std::move(result).value();
}

// Guards a node between its run's end and its own.
std::mutex& ending() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "suyuan-test-XXXXXX").string();
  SUYUAN_CHECK(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RunningNode::RunningNode(const std::string& folder, int64_t now_ms, ServeOptions options)
    : folder_(folder), now_ms_(now_ms) {
  const DataFolder data{folder};
  if (!file_exists(data.genesis())) {
    must(init_ledger({.data = folder, .origin = "test.suyuan.example/log", .node_name = "node-1"},
                     now_ms));
  }
  ledger_ = must(pinned_from_leaf(must(read_file(data.genesis(), limits::kLeafBytesMax))));
  serve(std::move(options));
}

void RunningNode::serve(ServeOptions options) {
  options.data = folder_;
  options.rpc.port = 0;
  options.http.port = 0;
  std::promise<void> listening;
  // The node lives wholly on its own thread: KJ's objects may not leave it.
  thread_ = std::thread([this, options, &listening] {
    const auto node = must(Node::open(options, [this] { return now_ms_.load(); }));
    rpc_port_ = node->rpc_port();
    http_port_ = node->http_port();
    http_routes_ = node->http_routes();
    node_ = node.get();
    listening.set_value();
    // A test that makes writes fail sees so from outside.
    static_cast<void>(node->run(false));
    const std::lock_guard lock(ending());
    node_ = nullptr;
  });
  listening.get_future().wait();
}

// Again where it has ended already: nothing.
void RunningNode::begin_stop() {
  const std::lock_guard lock(ending());
  if (Node* node = node_.load()) node->stop();
}

RunningNode::~RunningNode() {
  begin_stop();
  thread_.join();
}

}  // namespace suyuan::test
