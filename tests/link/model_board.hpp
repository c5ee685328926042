// A board in C++: the link's other side, as rtl/link/README.md says it, over the bit-exact model. Its line can be made
// to lose and change bytes, and the board to be reset or unplugged.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "contract/configuration/configuration.hpp"
#include "device/link/byte_stream.hpp"
#include "device/link/frame.hpp"
#include "device/model_device.hpp"

namespace settle_test {

class ModelBoard : public settle::ByteStream {
 public:
  /// What becomes of one byte on its way: appends what arrives.
  using Line = std::function<void(std::uint8_t byte, settle::Bytes& arrived)>;

  explicit ModelBoard(const settle::Configuration& configuration);

  const std::string& name() const override { return name_; }
  void write(const std::uint8_t* bytes, std::size_t size) override;
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override;
  std::chrono::microseconds silence() const override { return std::chrono::milliseconds(1); }
  void reopen() override;

  /// Its own clock, if every read of the host takes so long; else the system's.
  std::chrono::microseconds ticks{0};
  std::chrono::microseconds now() const override { return ticks.count() > 0 ? now_ : ByteStream::now(); }

  /// What it says of a register or memory, instead of `value`.
  std::function<void(std::uint32_t address, std::uint32_t& value)> says;
  /// Bytes that come to the host out of turn.
  void say(const settle::Bytes& bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  Line to_board, to_host;  ///< empty: what arrives is what was sent

  void power_cycle();  ///< everything is as after power-up, memories included
  void unplug();       ///< until `plug` and then reopen()
  void plug() { plugged_ = true; }

  /// Called with every request that is carried out, before it is: its number in all.
  std::function<void(std::size_t request)> before_request;

  settle::ModelDevice& device() { return *device_; }
  std::size_t carried_out() const { return carried_out_; }  ///< requests, repeated reads included
  std::size_t frames() const { return frames_; }            ///< good ones that arrived
  bool overrun() const { return overrun_; }                 ///< more was sent ahead than the buffer holds

 private:
  void take(std::uint8_t byte);
  void carry_out(const settle::Bytes& request);
  settle::registers::Answer act(const settle::Bytes& request, settle::Bytes& data);
  void answer(std::uint8_t number, const settle::Bytes& data, settle::registers::Answer code);

  std::string name_ = "model-board";
  settle::Configuration configuration_;
  std::unique_ptr<settle::ModelDevice> device_;
  settle::FrameParser parser_;
  std::deque<settle::Bytes> waiting_;  ///< frames that arrived and are carried out when the host listens
  std::size_t waiting_bytes_ = 0;
  std::deque<std::uint8_t> out_;
  std::chrono::microseconds now_{0};
  std::uint8_t due_ = 0;
  bool session_ = false, plugged_ = true, open_ = true, overrun_ = false;
  std::size_t carried_out_ = 0, frames_ = 0;
};

}  // namespace settle_test
