#!/usr/bin/python3
"""Makes the models that the tests of `settle import` read, and what PyTorch answers: `tests/onnx/make_models.py`.

Needs Debian's python3-torch and python3-onnx. NAME.onnx goes to models/, with NAME.safetensors beside it: "image",
"sigma" and "output", by PyTorch in double. refused_*.onnx are models that must be refused. The same versions of the
packages give the same bytes.
"""

import io
import json
import math
import pathlib
import struct

import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent / "models"


def write_safetensors(path, tensors):
    """Little-endian header length, header in JSON, data in the order of the names."""
    header, data = {}, b""
    for name in sorted(tensors):
        bytes_ = tensors[name].detach().to(torch.float32).contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_reference(name, image, sigma, output):
    write_safetensors(FOLDER / f"{name}.safetensors",
                      {"image": image[0], "sigma": torch.tensor([sigma]), "output": output[0]})


def settled(model):
    """Weights and running statistics that are nothing special, and evaluation mode."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.3)
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return model.eval()


def export(model, inputs, opset, **options):
    """The bytes of the file, without what depends on where this script lies."""
    file = io.BytesIO()
    torch.onnx.export(model, inputs, file, opset_version=opset, **options)
    proto = onnx.load_from_string(file.getvalue())
    for node in proto.graph.node:
        node.doc_string = ""
    return proto.SerializeToString()


def write_model(name, model, image, sigma, opset, **options):
    takes_sigma = sigma is not None
    inputs = (image, torch.tensor([sigma])) if takes_sigma else (image,)
    (FOLDER / f"{name}.onnx").write_bytes(export(settled(model), inputs, opset, **options))
    with torch.no_grad():
        output = model.double()(*(i.double() for i in inputs))
    write_reference(name, image, sigma if takes_sigma else 1.0, output)


class Block(nn.Module):
    """Two SiLU convolutions; the noise level is added per channel; a residual sum."""

    def __init__(self, inputs, outputs, features):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.embed = nn.Linear(features, outputs)

    def forward(self, x, features):
        h = F.silu(self.first(x) + self.embed(features)[:, :, None, None])
        return F.silu(self.second(h)) + self.skip(x)


class SigmaUNet(nn.Module):
    """A U-Net of two levels within EDM preconditioning (Karras et al. 2022)."""

    def __init__(self, channels=1, width=4, features=8, data=0.5):
        super().__init__()
        self.data = data
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, 3, features // 2)))
        self.mlp = nn.Sequential(nn.Linear(features, 8), nn.SiLU(), nn.Linear(8, 8), nn.SiLU())
        self.enter = nn.Conv2d(channels, width, 3, padding=1)
        self.down = Block(width, width, 8)
        self.middle = Block(width, 2 * width, 8)
        self.up = Block(3 * width, width, 8)
        self.leave = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, image, sigma):
        sigma = sigma.reshape(-1, 1, 1, 1)
        total = sigma**2 + self.data**2
        c_skip, c_out, c_in = self.data**2 / total, sigma * self.data / total.sqrt(), 1 / total.sqrt()
        phase = (sigma.flatten().log() / 4)[:, None] * self.frequencies.to(sigma.dtype)
        features = self.mlp(torch.cat([phase.sin(), phase.cos()], dim=1))
        x = self.enter(c_in * image)
        d = self.down(x, features)
        m = self.middle(F.avg_pool2d(d, 2), features)
        u = self.up(torch.cat([F.interpolate(m, scale_factor=2, mode="nearest"), d], dim=1), features)
        return c_skip * image + c_out * self.leave(u)


class OddNet(nn.Module):
    """GELU, BatchNorm, strides, a transposed convolution, pooling that keeps an odd edge; three channels, odd sides."""

    def __init__(self):
        super().__init__()
        self.enter, self.norm = nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6)
        self.down, self.down_norm = nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8)
        self.larger, self.smaller = nn.ConvTranspose2d(8, 6, 2, stride=2), nn.Conv2d(6, 8, 3, stride=2, padding=1)
        self.larger_norm = nn.BatchNorm2d(6)
        self.pooled_norm = nn.BatchNorm2d(8)
        self.leave = nn.Conv2d(14, 3, 1)

    def forward(self, image):
        x = F.gelu(self.norm(self.enter(image)))
        d = F.gelu(self.down_norm(self.down(x)))
        d = d + self.smaller(F.gelu(self.larger_norm(self.larger(d))))
        p = self.pooled_norm(F.avg_pool2d(d, 2, ceil_mode=True))  # of a pooling, which other nodes cannot take in
        d = d - F.interpolate(p, size=d.shape[2:], mode="nearest")
        return self.leave(torch.cat([F.interpolate(d, size=x.shape[2:], mode="nearest"), x], dim=1))


class BoundedNet(nn.Module):
    """PReLU, Clip, Softplus, Tanh and Sigmoid by themselves; kernels of 5 x 5."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList(
            [nn.Conv2d(2 if i == 0 else 4, 4 if i < 5 else 2, 5, padding=2) for i in range(6)])
        self.many, self.one = nn.PReLU(4, init=0.2), nn.PReLU(1, init=-0.1)
        self.dropout = nn.Dropout()

    def forward(self, x):
        c = self.convolutions
        self_scale = torch.tensor([0.5, -1.0, 2.0, 1.0], dtype=x.dtype).reshape(1, 4, 1, 1)
        x = self.dropout(self.many(c[0](x)))
        x = torch.clamp(c[1](x), -0.3, 0.4) * self_scale
        x = F.softplus(self.one(c[2](x)), beta=2)
        x = torch.sigmoid(torch.tanh(-c[3](x)) / 0.7)
        x = F.leaky_relu(F.relu6(c[4](x).clamp(min=-0.2)).clamp(max=0.3) - 0.1, 0.3)
        return 1 - c[5](x)


def tanh_gelu(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


class GateNet(nn.Module):
    """GELU and SiLU in other associations than torch's own."""

    def __init__(self):
        super().__init__()
        self.convolutions = nn.ModuleList([nn.Conv2d(2, 2, 3, padding=1) for _ in range(8)])

    def forward(self, image):
        c, root = self.convolutions, math.sqrt(0.5)
        x = c[0](image)
        x = (0.5 * x) * (torch.erf(x * root) + 1)
        x = c[1](x)
        x = x * (0.5 * (1 + torch.erf(x / 2**0.5)))
        x = c[2](x)
        x = (0.5 + 0.5 * torch.erf(root * x)) * x
        x = tanh_gelu(c[3](x))
        x = c[4](x)
        x = x * (torch.tanh(0.7978845608 * x * (1 + 0.044715 * x * x)) + 1) * 0.5
        x = c[5](x)
        x = x * torch.sigmoid(1.702 * x)
        x = c[6](x) * 3 + 0.25
        return c[7](torch.sigmoid(x) * x * 2) + image


# Models by hand: what exporters other than torch's write.


def value(name, shape, type_=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, type_, shape)


def hand_made(nodes, weights=(), inputs=None, outputs=None, opset=13, size=(1, 2, 6, 6)):
    inputs = inputs or [value("image", size)]
    outputs = outputs or [value("out", size)]
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(weights))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], producer_name="by hand",
                             ir_version=7)


def save(name, model):
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())


def tensor(name, values, dtype=torch.float32):
    return numpy_helper.from_array(torch.as_tensor(values, dtype=dtype).numpy(), name)


def node(op, inputs, output, **attributes):
    return helper.make_node(op, inputs, [output] if isinstance(output, str) else output, name=f"the_{op}", **attributes)


def make_types():
    """A 1 x 1 convolution per way of storing weights, which are multiples of 1/8."""
    matrices = [(torch.randint(-8, 9, (2, 2, 1, 1)) / 8).float() for _ in range(7)]
    bits = [m.numpy().view("uint32") >> 16 for m in matrices]  # bfloat16, exactly
    dims = (2, 2, 1, 1)
    half = matrices[3].half().numpy().view("uint16").flatten().tolist()
    tensors = [
        tensor("w0", matrices[0]),
        helper.make_tensor("w1", TensorProto.FLOAT, dims, matrices[1].flatten().tolist()),
        numpy_helper.from_array(matrices[2].double().numpy(), "w2"),
        TensorProto(name="w3", data_type=TensorProto.FLOAT16, dims=dims, int32_data=half),
        numpy_helper.from_array(matrices[4].half().numpy(), "w4"),
        TensorProto(name="w5", data_type=TensorProto.BFLOAT16, dims=dims, raw_data=bits[5].astype("uint16").tobytes()),
        TensorProto(name="w6", data_type=TensorProto.FLOAT, dims=dims, data_location=TensorProto.EXTERNAL),
    ]
    for key, text in (("location", "types.bin"), ("offset", "4"), ("length", "16")):
        tensors[6].external_data.add(key=key, value=text)
    (FOLDER / "types.bin").write_bytes(b"skip" + matrices[6].numpy().tobytes())
    names = ["image"] + [f"x{i}" for i in range(6)] + ["out"]
    save("types", hand_made([node("Conv", [names[i], f"w{i}"], names[i + 1]) for i in range(7)], tensors,
                            inputs=[value("image", ("batch", 2, 6, 6))]))
    image = torch.randn(1, 2, 6, 6)
    x = image.double()
    for m in matrices:
        x = F.conv2d(x, m.double())
    write_reference("types", image, 1.0, x)


def make_grids():
    """Padding that the file leaves to the reader, and nearest sites by half pixels."""
    w = [torch.randn(2, 2, 3, 3) / 3 for _ in range(3)]
    w.append(torch.randn(2, 2, 4, 4) / 4)
    weights = [tensor(f"w{i}", m) for i, m in enumerate(w)]
    weights += [tensor("pads", [0, 0, 1, 2, 0, 0, 1, 0], torch.int64), tensor("twice", [1.0, 1, 2, 2]),
                tensor("bound", 0.3)]
    nodes = [
        node("Conv", ["image", "w0"], "a", auto_pad="SAME_UPPER", strides=[2, 2]),
        node("Resize", ["a", "", "twice"], "b", mode="nearest"),
        node("Pad", ["b", "pads"], "c"),
        node("Conv", ["c", "w1"], "d", pads=[0, 0, 0, 0]),
        node("Min", ["d", "bound"], "e"),
        node("Conv", ["e", "w3"], "f", auto_pad="SAME_LOWER", strides=[2, 2]),
        node("Resize", ["f", "", "twice"], "g", mode="nearest", coordinate_transformation_mode="asymmetric",
             nearest_mode="floor"),
        node("Conv", ["g", "w2"], "out", auto_pad="SAME_LOWER"),
    ]
    save("grids", hand_made(nodes, weights, inputs=[value("image", (8, 2, 6, 6))]))
    image = torch.randn(1, 2, 6, 6)
    w = [m.double() for m in w]
    x = F.conv2d(F.pad(image.double(), (0, 1, 0, 1)), w[0], stride=2)
    x = F.conv2d(F.pad(F.interpolate(x, scale_factor=2), (2, 0, 1, 1)), w[1]).clamp(max=0.3)
    x = F.conv2d(F.pad(x, (1, 1, 1, 1)), w[3], stride=2)
    x = F.conv2d(F.interpolate(x, scale_factor=2), w[2], padding=1)
    write_reference("grids", image, 1.0, x)


def make_old():
    """Opset 9: bounds as attributes, Upsample; the noise level as one number."""
    nodes = [
        node("Mul", ["image", "sigma"], "a"),
        node("Clip", ["a"], "b", min=-0.5, max=0.75),
        node("AveragePool", ["b"], "c", kernel_shape=[2, 2], strides=[2, 2]),
        node("Upsample", ["c", "twice"], "d", mode="nearest"),
        node("Sub", ["image", "d"], "out"),
    ]
    save("old", hand_made(nodes, [tensor("twice", [1.0, 1, 2, 2])],
                          inputs=[value("sigma", ()), value("image", (1, 2, "high", "wide"))], opset=9))
    image = torch.randn(1, 2, 6, 6)
    x = (image.double() * 0.625).clamp(-0.5, 0.75)
    write_reference("old", image, 0.625, image.double() - F.interpolate(F.avg_pool2d(x, 2), scale_factor=2))


def make_levels():
    """The noise level in the shape of an image, before it; and one that nothing uses."""
    inputs = [value("sigma", ("batch", 1, 1, 1)), value("image", ("batch", 2, 6, 6))]
    save("level", hand_made([node("Sqrt", ["sigma"], "root"), node("Mul", ["root", "image"], "out")], inputs=inputs))
    image = torch.randn(1, 2, 6, 6)
    write_reference("level", image, 0.625, image.double() * math.sqrt(0.625))
    save("blind", hand_made([node("Relu", ["image"], "out")],
                            inputs=[value("image", (1, 2, 6, 6)), value("sigma", ("batch", 1))]))


class Attention(nn.Module):
    def forward(self, x):
        flat = x.flatten(2)
        return (flat @ torch.softmax(flat.transpose(1, 2) @ flat, dim=-1)).reshape(x.shape)


class LayerNormed(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(2)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def make_refused():
    image = torch.zeros(1, 2, 6, 6)
    for name, model in (("group_norm", nn.GroupNorm(2, 2)), ("instance_norm", nn.InstanceNorm2d(2, affine=True)),
                        ("layer_norm", LayerNormed()), ("attention", Attention()),
                        ("max_pool", nn.Sequential(nn.MaxPool2d(2), nn.Upsample(scale_factor=2))),
                        ("bilinear", nn.Sequential(nn.AvgPool2d(2), nn.Upsample(scale_factor=2, mode="bilinear"))),
                        ("groups", nn.Conv2d(2, 2, 3, padding=1, groups=2)),
                        ("dilation", nn.Conv2d(2, 2, 3, padding=2, dilation=2)),
                        ("kernel", nn.Conv2d(2, 2, 7, padding=3)), ("valid", nn.Conv2d(2, 2, 3)),
                        ("stride", nn.Conv2d(2, 2, 3, padding=1, stride=3)), ("elu", nn.ELU()),
                        ("reflect", nn.Sequential(nn.ReflectionPad2d(1), nn.Conv2d(2, 2, 3))),
                        ("pool_of_3", nn.AvgPool2d(3, stride=1, padding=1)),
                        ("transposed", nn.ConvTranspose2d(2, 2, 4, stride=2, padding=1)),
                        ("pixel_shuffle", nn.PixelShuffle(2))):
        shaped = torch.zeros(1, 8, 3, 3) if name == "pixel_shuffle" else image
        (FOLDER / f"refused_{name}.onnx").write_bytes(export(model.eval(), (shaped,), 17))

    relu = [node("Relu", ["image"], "out")]
    by_hand = {
        "opset_8": hand_made(relu, opset=8),
        "opset_18": hand_made(relu, opset=18),
        "cycle": hand_made([node("Add", ["image", "b"], "a"), node("Relu", ["a"], "b"), node("Relu", ["b"], "out")]),
        "two_outputs": hand_made(relu + [node("Relu", ["out"], "more")],
                                 outputs=[value("out", (1, 2, 6, 6)), value("more", (1, 2, 6, 6))]),
        "no_maker": hand_made([node("Relu", ["nowhere"], "out")]),
        "made_twice": hand_made(relu + relu),
        "rank": hand_made(relu, inputs=[value("image", (1, 2, 36))]),
        "timestep": hand_made([node("Add", ["image", "t"], "out")],
                              inputs=[value("image", (1, 2, 6, 6)), value("t", (1,), TensorProto.INT64)]),
        "three_inputs": hand_made(relu, inputs=[value(n, (1, 2, 6, 6)) for n in ("image", "a", "b")]),
        "open_size": hand_made(relu, inputs=[value("image", ("batch", 2, "high", "wide"))]),
        "product": hand_made([node("Relu", ["image"], "a"), node("Mul", ["a", "image"], "out")]),
        "square": hand_made([node("Mul", ["image", "image"], "a"), node("Relu", ["a"], "out")]),
        "erf": hand_made([node("Erf", ["image"], "out")]),
        "divides": hand_made([node("Div", ["one", "image"], "out")], [tensor("one", 1.0)]),
        "by_zero": hand_made([node("Div", ["image", "none"], "out")], [tensor("none", 0.0)]),
        "per_site": hand_made([node("Add", ["image", "sites"], "out")], [tensor("sites", torch.arange(36.0).reshape(6, 6))]),
        "not_finite": hand_made([node("Add", ["image", "bad"], "out")], [tensor("bad", math.nan)]),
        "integers": hand_made([node("Cast", ["image"], "out", to=TensorProto.INT64)]),
        "axis": hand_made([node("Concat", ["image", "image"], "out", axis=2)]),
        "constant_output": hand_made([node("Relu", ["one"], "out")], [tensor("one", 1.0)]),
        "other_size": hand_made([node("Concat", ["image", "image"], "a", axis=1), node("Relu", ["a"], "out")]),
        "unknown": hand_made([helper.make_node("Swirl", ["image"], ["out"], domain="else.where")]),
        "training": hand_made([node("BatchNormalization", ["image", "v", "v", "v", "v"], "out", training_mode=1)],
                              [tensor("v", [1.0, 1.0])], opset=15),
        "type": hand_made([node("Add", ["image", "w"], "out")], [helper.make_tensor("w", TensorProto.UINT64, (1,), [1])]),
        "count": hand_made([node("Add", ["image", "w"], "out")],
                           [TensorProto(name="w", data_type=TensorProto.FLOAT, dims=(3,), float_data=[1.0])]),
        "scales": hand_made([node("Resize", ["image", "", "scales"], "out", mode="nearest")],
                            [tensor("scales", [1.0, 1, 3, 3])]),
        "coordinates": hand_made([node("Resize", ["image", "", "scales"], "out", mode="nearest", nearest_mode="ceil")],
                                 [tensor("scales", [1.0, 1, 2, 2])]),
        "padded": hand_made([node("Pad", ["image", "pads"], "a"), node("Relu", ["a"], "out")],
                            [tensor("pads", [0, 0, 1, 1, 0, 0, 1, 1], torch.int64)]),
    }
    for name, location in (("missing_data", "nowhere.bin"), ("outside_data", "../types.bin"), ("absolute_data", "/types.bin"),
                           ("short_data", "types.bin")):
        outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=(99,), data_location=TensorProto.EXTERNAL)
        outside.external_data.add(key="location", value=location)
        by_hand[name] = hand_made([node("Add", ["image", "w"], "out")], [outside])
    for name, model in by_hand.items():
        save(f"refused_{name}", model)


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    batch = {0: "batch"}
    write_model("sigma_unet", SigmaUNet(), torch.randn(1, 1, 8, 8), 0.75, 14, input_names=["image", "sigma"],
                dynamic_axes={"image": batch, "sigma": batch})
    write_model("odd", OddNet(), torch.randn(1, 3, 13, 9), None, 17, do_constant_folding=False,
                training=torch.onnx.TrainingMode.PRESERVE)
    write_model("bounded", BoundedNet(), torch.randn(1, 2, 7, 6), None, 11)
    write_model("gates", GateNet(), torch.randn(1, 2, 5, 5), None, 15)
    # Once more, with every side open: shapes are then worked out by nodes of the model.
    torch.manual_seed(2)
    sides = {0: "batch", 2: "high", 3: "wide"}
    write_model("open", OddNet(), torch.randn(1, 3, 13, 9), None, 13, input_names=["image"], dynamic_axes={"image": sides})
    make_types()
    make_grids()
    make_old()
    make_levels()
    make_refused()


if __name__ == "__main__":
    main()
