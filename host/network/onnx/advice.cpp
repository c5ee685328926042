#include <array>

#include "network/onnx/operators.hpp"

namespace settle {
namespace {

constexpr const char* kNormalise = "train with BatchNormalization or without";
constexpr const char* kAttention = "attention is not read: use convolutions";
constexpr const char* kAverage = "use average pooling of 2 x 2 with stride 2";
constexpr const char* kReduce = "sums and means over maps are not read: use convolutions and average pooling of 2 x 2";
constexpr const char* kActivate = "use ReLU, LeakyReLU, PReLU, SiLU, GELU, Softplus, Sigmoid, Tanh or Clip";
constexpr const char* kStraight = "export a model without branches and loops";
constexpr const char* kReal = "export the model in floating point, before it is quantised";
constexpr const char* kRearrange = "use convolutions of stride 2, average pooling, upsampling or ConvTranspose";

struct Advice {
  const char* op;
  const char* text;
};

constexpr std::array<Advice, 44> kAdvice = {{{"GroupNormalization", kNormalise},
                                             {"InstanceNormalization", kNormalise},
                                             {"LayerNormalization", kNormalise},
                                             {"LpNormalization", kNormalise},
                                             {"LRN", kNormalise},
                                             {"MeanVarianceNormalization", kNormalise},
                                             {"Softmax", kAttention},
                                             {"LogSoftmax", kAttention},
                                             {"Einsum", kAttention},
                                             {"MaxPool", kAverage},
                                             {"GlobalMaxPool", kAverage},
                                             {"GlobalAveragePool", kAverage},
                                             {"LpPool", kAverage},
                                             {"MaxUnpool", "use upsampling or ConvTranspose"},
                                             {"MaxRoiPool", kAverage},
                                             {"RoiAlign", kAverage},
                                             {"ReduceMax", kReduce},
                                             {"ReduceMin", kReduce},
                                             {"ReduceL1", kReduce},
                                             {"ReduceL2", kReduce},
                                             {"ReduceProd", kReduce},
                                             {"ReduceSumSquare", kReduce},
                                             {"ReduceLogSumExp", kReduce},
                                             {"DepthToSpace", kRearrange},
                                             {"SpaceToDepth", kRearrange},
                                             {"Celu", kActivate},
                                             {"Elu", kActivate},
                                             {"HardSigmoid", kActivate},
                                             {"HardSwish", kActivate},
                                             {"Selu", kActivate},
                                             {"Softsign", kActivate},
                                             {"ThresholdedRelu", kActivate},
                                             {"If", kStraight},
                                             {"Loop", kStraight},
                                             {"Scan", kStraight},
                                             {"LSTM", "recurrent layers are not read: use convolutions"},
                                             {"GRU", "recurrent layers are not read: use convolutions"},
                                             {"RNN", "recurrent layers are not read: use convolutions"},
                                             {"QuantizeLinear", kReal},
                                             {"DequantizeLinear", kReal},
                                             {"QLinearConv", kReal},
                                             {"ConvInteger", kReal},
                                             {"RandomNormalLike", "the network must answer the same each time"},
                                             {"RandomNormal", "the network must answer the same each time"}}};

/// Read for constants, and never for maps.
constexpr std::array<Advice, 20> kMapAdvice = {
    {{"ReduceMean", kReduce},
     {"ReduceSum", kReduce},
     {"MatMul", "attention and dense layers of maps are not read: use convolutions"},
     {"Gemm", "attention and dense layers of maps are not read: use convolutions"},
     {"Reshape", "maps keep their shape: use convolutions, without attention"},
     {"Flatten", "maps keep their shape: use convolutions"},
     {"Transpose", "maps keep their shape: use convolutions, without attention"},
     {"Squeeze", "maps keep their four sides"},
     {"Unsqueeze", "maps keep their four sides"},
     {"Split", "use one convolution for each part"},
     {"Slice", "maps are not cut: use a size that fits (interpolate(size=...))"},
     {"Gather", "maps are not cut: use one convolution for each part"},
     {"Expand", "maps are not repeated: use upsampling"},
     {"Exp", kActivate},
     {"Log", kActivate},
     {"Sqrt", kActivate},
     {"Sin", kActivate},
     {"Cos", kActivate},
     {"Abs", kActivate},
     {"Where", kActivate}}};

}  // namespace

std::string advice_of(const std::string& op) {
  for (const Advice& known : kAdvice) {
    if (op == known.op) return known.text;
  }
  return "";
}

std::string map_advice_of(const std::string& op) {
  for (const Advice& known : kMapAdvice) {
    if (op == known.op) return known.text;
  }
  return "it is not read for maps: host/network/onnx/README.md lists what is";
}

}  // namespace settle
