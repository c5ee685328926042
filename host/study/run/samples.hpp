// Makes a run's samples: image noise, one pass of the U-Net, fields; each once.
#pragma once

#include <cstddef>

#include "study/run/study.hpp"

namespace settle {

/// Whether the machine's decoder layer is a whole map from which an image follows: d3, d2 or d1, one site per pixel.
bool gives_image(const Machine& machine);

/// Sample number `s` of a study. Throws Error if a field does not fit, naming the sample and the cell.
Sample make_sample(const Study& study, std::size_t s);

/// All of them, shared by all cores, into study.samples; when study.stop says yes, only those before the first
/// unfinished one. Throws as make_sample, for the first sample that fails.
void make_samples(Study& study);

}  // namespace settle
