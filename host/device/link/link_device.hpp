// A board at the other end of a link, as a device: what is written is gathered and sent ahead of the next question.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/link/link_client.hpp"

namespace settle {

class LinkDevice : public Device {
 public:
  /// Begins a session on an open stream and resets the array. Throws as LinkClient.
  explicit LinkDevice(std::unique_ptr<ByteStream> stream, const LinkTimes& times = {});

  /// The stream's kind: "serial", "tcp", "pins".
  std::string engine() const override;
  std::string name() const override { return stream_->name(); }

  /// Every call throws DeviceError (also of writes made before), DeviceReset, DeviceTimeout, DeviceLost as
  /// LinkClient::run. After such an error what was written and not yet sent is forgotten.
  std::uint32_t read(std::uint32_t address) override;
  void write(std::uint32_t address, std::uint32_t value) override;
  /// Also asks for the configuration's hash: if another board has taken its place, the run ends.
  std::uint32_t status_when_idle() override;
  std::chrono::microseconds now() const override { return stream_->now(); }
  std::chrono::microseconds patience() const override { return patience_; }
  void read_block(std::uint32_t address, std::uint32_t* values, std::size_t count) override;
  void read_blocks(const std::vector<ReadBlock>& blocks) override;

  /// Sends what was written and waits until it is done.
  void finish() override;

  /// Resets the array: registers as after power-up, nothing runs.
  void reset();

  /// Opens the stream anew, begins a session and resets the array; what was written and not sent is forgotten. Throws
  /// as LinkClient.
  void reconnect();

  const LinkStatistics& statistics() const { return client_.statistics(); }

 private:
  LinkRequest& add(registers::Request kind, std::uint32_t address, int bytes);
  void add_reads(std::uint32_t address, std::size_t count);
  void run();
  /// Throws DeviceError if the words hold another configuration's hash than was read before.
  void check_hash(const ReadBlock& block);

  std::unique_ptr<ByteStream> stream_;
  LinkClient client_;
  std::vector<LinkRequest> pending_;
  std::size_t pending_bytes_ = 0;
  std::chrono::microseconds patience_;
  std::optional<std::uint64_t> hash_;  ///< of the configuration, once it was read since the line was opened
};

}  // namespace settle
