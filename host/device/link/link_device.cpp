#include "device/link/link_device.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "array/model/fixed.hpp"

namespace settle {

namespace {

using registers::Request;

constexpr std::size_t kMostPending = 1 << 16;  // bytes gathered, then they are sent
// How long the board waits for the array before it says that it still runs, in units of registers::kWaitUnit clock
// cycles: 0.08 s at 24 MHz, so that a Ctrl-C is heard soon.
constexpr std::uint8_t kWaitUnits = 30;

const registers::WordShape& shape(std::uint32_t address) { return registers::kWordShapes.at(region_of(address)); }

std::uint32_t word(const Bytes& bytes, std::size_t first, const registers::WordShape& shape) {
  std::uint32_t value = 0;
  for (int i = 0; i < shape.bytes; ++i) value |= std::uint32_t{bytes[first + static_cast<std::size_t>(i)]} << (8 * i);
  if (!shape.is_signed || shape.bytes == 4) return value;
  return static_cast<std::uint32_t>(wrap(value, 8 * shape.bytes));
}

}  // namespace

LinkDevice::LinkDevice(std::unique_ptr<ByteStream> stream, const LinkTimes& times)
    : stream_(std::move(stream)), client_(*stream_, times), patience_(times.step) {
  reset();  // whatever an earlier host left running
}

std::string LinkDevice::engine() const { return stream_->name().substr(0, stream_->name().find(':')); }

LinkRequest& LinkDevice::add(Request kind, std::uint32_t address, int bytes) {
  LinkRequest request;
  request.kind = kind;
  request.address = address;
  request.bytes = bytes;
  pending_.push_back(std::move(request));
  return pending_.back();
}

void LinkDevice::run() {
  std::vector<LinkRequest> requests;
  requests.swap(pending_);  // forgotten if it fails
  pending_bytes_ = 0;
  client_.run(requests);
  pending_ = std::move(requests);
}

void LinkDevice::write(std::uint32_t address, std::uint32_t value) {
  const int bytes = shape(address).bytes;
  const auto width = static_cast<std::size_t>(bytes);
  bool appends = false;
  if (!pending_.empty()) {
    const LinkRequest& last = pending_.back();
    const std::size_t words = last.bytes == 0 ? 0 : last.content.size() / static_cast<std::size_t>(last.bytes);
    appends = last.kind == Request::write && last.bytes == bytes && last.address + words == address &&
              region_of(last.address) == region_of(address) &&
              registers::kRequestHeader + last.content.size() + width <= registers::kLongestRequest;
  }
  LinkRequest& request = appends ? pending_.back() : add(Request::write, address, bytes);
  for (int i = 0; i < bytes; ++i) request.content.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  pending_bytes_ += width;
  if (pending_bytes_ >= kMostPending) finish();
}

void LinkDevice::add_reads(std::uint32_t address, std::size_t count) {
  const int bytes = shape(address).bytes;
  for (std::size_t first = 0; first < count; first += kMostWordsOfRead) {
    const std::size_t words = std::min(kMostWordsOfRead, count - first);
    LinkRequest& request = add(Request::read, address + static_cast<std::uint32_t>(first), bytes);
    request.content = {static_cast<std::uint8_t>(words - 1)};
    request.expected = words * static_cast<std::size_t>(bytes);
  }
}

void LinkDevice::read_blocks(const std::vector<ReadBlock>& blocks) {
  const std::size_t writes = pending_.size();
  for (const ReadBlock& b : blocks) add_reads(b.address, b.count);
  run();
  std::size_t at = writes;
  for (const ReadBlock& b : blocks) {
    const registers::WordShape& words = shape(b.address);
    for (std::size_t i = 0; i < b.count; ++i) {
      b.values[i] = word(pending_[at + i / kMostWordsOfRead].data,
                         i % kMostWordsOfRead * static_cast<std::size_t>(words.bytes), words);
    }
    at += (b.count + kMostWordsOfRead - 1) / kMostWordsOfRead;
  }
  pending_.clear();
  for (const ReadBlock& b : blocks) check_hash(b);
}

void LinkDevice::check_hash(const ReadBlock& block) {
  static_assert(registers::config_hash_hi == registers::config_hash_lo + 1);
  constexpr std::uint32_t kFirst = registers::config_hash_lo, kLast = registers::config_hash_hi;
  if (block.address > kFirst || block.address + block.count <= kLast) return;
  const std::uint64_t hash =
      std::uint64_t{block.values[kLast - block.address]} << 32 | block.values[kFirst - block.address];
  if (hash_ && *hash_ != hash) {
    throw DeviceError(fmt::format("{}: another board answers now: its configuration is {:016x}, it was {:016x}", name(),
                                  hash, *hash_));
  }
  hash_ = hash;
}

void LinkDevice::read_block(std::uint32_t address, std::uint32_t* values, std::size_t count) {
  read_blocks({{address, values, count}});
}

std::uint32_t LinkDevice::read(std::uint32_t address) {
  std::uint32_t value = 0;
  read_block(address, &value, 1);
  return value;
}

std::uint32_t LinkDevice::status_when_idle() {
  add(Request::wait, 0, 0).content = {kWaitUnits};
  std::array<std::uint32_t, 2> hash{};
  std::uint32_t status = 0;
  read_blocks({{registers::config_hash_lo, hash.data(), hash.size()}, {registers::status, &status, 1}});
  return status;
}

void LinkDevice::finish() {
  run();
  pending_.clear();
}

void LinkDevice::reset() {
  add(Request::reset, 0, 0);
  finish();
}

void LinkDevice::reconnect() {
  pending_.clear();
  pending_bytes_ = 0;
  hash_.reset();
  stream_->reopen();
  client_.begin();
  reset();
}

}  // namespace settle
