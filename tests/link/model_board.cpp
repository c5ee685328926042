#include "model_board.hpp"

#include <algorithm>

namespace settle_test {

using settle::Bytes;
using settle::FrameParser;
using settle::registers::Answer;
using settle::registers::kKindBytesLess1;
using settle::registers::kKindCode;
using settle::registers::Request;

namespace {

constexpr std::size_t kHeader = settle::registers::kRequestHeader;

}  // namespace

ModelBoard::ModelBoard(const settle::Configuration& configuration)
    : configuration_(configuration),
      device_(std::make_unique<settle::ModelDevice>(configuration)),
      parser_(settle::registers::kLongestRequest) {}

void ModelBoard::power_cycle() {
  device_ = std::make_unique<settle::ModelDevice>(configuration_);
  parser_.clear();
  waiting_.clear();
  waiting_bytes_ = 0;
  session_ = false;
  due_ = 0;
}

void ModelBoard::unplug() { plugged_ = open_ = false; }

void ModelBoard::reopen() {
  if (!plugged_) throw settle::DeviceLost("model-board: not plugged in");
  open_ = true;
  out_.clear();
}

void ModelBoard::write(const std::uint8_t* bytes, std::size_t size) {
  if (!open_) throw settle::DeviceLost("model-board: unplugged");
  Bytes arrived;
  for (std::size_t i = 0; i < size; ++i) {
    if (to_board) {
      to_board(bytes[i], arrived);
    } else {
      arrived.push_back(bytes[i]);
    }
  }
  for (const std::uint8_t byte : arrived) take(byte);
}

std::size_t ModelBoard::read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) {
  now_ += ticks;
  if (out_.empty() && !waiting_.empty()) {
    const Bytes request = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= request.size() + 1;
    carry_out(request);
  }
  if (!open_) throw settle::DeviceLost("model-board: unplugged");
  if (out_.empty() && parser_.inside() && patience >= std::chrono::milliseconds(50)) {
    parser_.clear();
    answer(due_, {}, Answer::timed_out);
  }
  const std::size_t count = std::min(size, out_.size());
  std::copy_n(out_.begin(), count, bytes);
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(count));
  return count;
}

void ModelBoard::take(std::uint8_t byte) {
  switch (parser_.take(byte)) {
    case FrameParser::Found::frame:
      ++frames_;
      waiting_bytes_ += parser_.content().size() + 1;
      overrun_ = overrun_ || waiting_bytes_ + settle::kFrameCheck >= settle::registers::kLinkBuffer;
      waiting_.push_back(parser_.content());
      break;
    case FrameParser::Found::broken:
      answer(due_, {}, Answer::bad_frame);
      break;
    default:
      break;
  }
}

void ModelBoard::answer(std::uint8_t number, const Bytes& data, Answer code) {
  Bytes content = {number};
  content.insert(content.end(), data.begin(), data.end());
  content.push_back(static_cast<std::uint8_t>(code));
  Bytes arrived;
  for (const std::uint8_t byte : settle::encode_frame(content)) {
    if (to_host) {
      to_host(byte, arrived);
    } else {
      arrived.push_back(byte);
    }
  }
  out_.insert(out_.end(), arrived.begin(), arrived.end());
}

void ModelBoard::carry_out(const Bytes& request) {
  if (before_request) before_request(carried_out_);
  ++carried_out_;
  if (!open_) return;
  if (request.size() < kHeader) return answer(request.empty() ? 0 : request[0], {}, Answer::bad_request);
  const auto kind = static_cast<Request>(settle::value_of(kKindCode, request[1]));
  const std::uint8_t number = request[0];
  if (kind == Request::sync) {
    session_ = true;
    due_ = static_cast<std::uint8_t>(number + 1);
    return answer(number, Bytes(request.begin() + std::ptrdiff_t{kHeader}, request.end()), Answer::ok);
  }
  if (!session_) return answer(number, {}, Answer::no_session);
  const auto behind = static_cast<std::uint8_t>(due_ - number);
  if (behind > 127) return answer(due_, {}, Answer::out_of_sequence);
  if (behind != 0 && kind != Request::read) return answer(number, {}, Answer::repeated);
  Bytes data;
  const Answer code = act(request, data);
  if (behind == 0 && code == Answer::ok) ++due_;
  answer(number, data, code);
}

Answer ModelBoard::act(const Bytes& request, Bytes& data) {
  const std::uint32_t address = request[2] | std::uint32_t{request[3]} << 8 | std::uint32_t{request[4]} << 16;
  const auto width = static_cast<std::size_t>(settle::value_of(kKindBytesLess1, request[1])) + 1;
  const auto word = [&](std::size_t first) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value |= std::uint32_t{request[first + i]} << (8 * i);
    return value;
  };
  try {
    switch (static_cast<Request>(settle::value_of(kKindCode, request[1]))) {
      case Request::read:
        for (std::uint32_t n = 0; n <= request.at(kHeader); ++n) {
          std::uint32_t value = device_->read(address + n);
          if (says) says(address + n, value);
          for (std::size_t i = 0; i < width; ++i) data.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        }
        return Answer::ok;
      case Request::write:
        for (std::size_t n = 0; kHeader + n * width < request.size(); ++n) {
          device_->write(address + static_cast<std::uint32_t>(n), word(kHeader + n * width));
        }
        return Answer::ok;
      case Request::wait:
      case Request::reset:  // the model is always idle, and its registers are written before every run
        return Answer::ok;
      default:
        return Answer::bad_request;
    }
  } catch (const settle::DeviceError&) {
    return Answer::no_address;
  }
}

}  // namespace settle_test
