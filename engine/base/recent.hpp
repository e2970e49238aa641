// The last few values by key: a bounded cache.

#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <string>
#include <utility>

namespace titrate {

// The latest first; the one unused for longest goes when there are more than `most`.
template <class T>
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}
  std::shared_ptr<const T> find(const std::string& key) {
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) { return entry.first == key; });
    if (found == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().second;
  }
  std::shared_ptr<const T> keep(const std::string& key, T value) {
    entries_.emplace_front(key, std::make_shared<const T>(std::move(value)));
    if (entries_.size() > most_) entries_.pop_back();
    return entries_.front().second;
  }

 private:
  std::size_t most_;
  std::list<std::pair<std::string, std::shared_ptr<const T>>> entries_;
};

}  // namespace titrate
