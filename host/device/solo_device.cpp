#include "device/solo_device.hpp"

#include <algorithm>

namespace settle {

using registers::Memory;

void SoloDevice::prepare() {
  if (prepared_) return;
  prepared_ = true;
  block_.reset();
  try {
    block_ = std::make_unique<ensemble::SoloBlock>(
        std::make_shared<const ensemble::BlockPlan>(configuration(), array().memories(), &packed_));
  } catch (const ensemble::NotProved&) {  // the model makes the runs, until what it rests on changes
  }
}

void SoloDevice::begin_run(int segments) {
  prepare();
  if (!block_) {
    ModelDevice::begin_run(segments);
    return;
  }
  const ArrayMemories& memories = array().memories();
  with_sums_ = std::any_of(memories.segments.begin(), memories.segments.begin() + segments,
                           [](const ArrayMemories::Segment& segment) { return segment.window; });
  block_->set_common(memories);
  block_->set_chain(0, memories);
  block_->load(0, array().other_bank(), array().results(), with_sums_);
  block_->step = array().step;
  block_->refresh = array().refresh;
  block_->trace_stride = array().trace_stride;
  block_->begin(segments);
}

bool SoloDevice::advance_run(std::uint64_t most) {
  if (!block_) return ModelDevice::advance_run(most);
  const bool more = block_->advance(most);
  array().step = block_->step;
  return more;
}

void SoloDevice::end_run() {
  if (block_) block_->store(0, array().memories().state, array().other_bank(), array().results(), with_sums_);
}

void SoloDevice::before_write(Memory memory, std::uint32_t word) {
  const bool in_plan = memory == Memory::program || memory == Memory::layer || memory == Memory::table ||
                       (memory == Memory::coefficient && word < packed_.size() && packed_[word] != 0);
  if (in_plan) prepared_ = false;
}

}  // namespace settle
