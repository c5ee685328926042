// ONNX's classes, for the two files that read them. They need these macros.
#pragma once

#define ONNX_ML 1
#define ONNX_NAMESPACE onnx

#include <onnx/onnx_pb.h>
