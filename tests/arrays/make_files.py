# Writes the arrays of tests/arrays/files with NumPy, which the tests hold ours against. Run by hand:
#   python3 tests/arrays/make_files.py
import os

import numpy as np

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
os.makedirs(folder, exist_ok=True)


def path(name):
    return os.path.join(folder, name)


# Every type holds the same numbers, 0, 1, 2, 3, 4, 5, less 3 where it has a sign, in the shape 2 x 3.
counts = np.arange(6).reshape(2, 3)
for name in ("u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"):
    for order in ("<", ">"):
        values = counts if name[0] == "u" else counts - 3
        np.save(path(f"{'little' if order == '<' else 'big'}-{name}.npy"), values.astype(order + name))
np.save(path("fortran.npy"), np.asfortranarray((np.arange(24.0) / 8).reshape(2, 3, 4)))
np.save(path("flags.npy"), np.array([True, False, True]))
np.save(path("number.npy"), np.float64(0.1))
np.save(path("none.npy"), np.zeros((0, 5)))
np.save(path("halves.npy"), np.array([1 / 3, -65504, 6e-8, 6e-5, np.inf, -np.inf, np.nan], dtype=np.float16))
np.save(path("complex.npy"), np.array([1j]))
np.save(path("text.npy"), np.array(["word"]))
np.save(path("records.npy"), np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
np.save(path("beyond.npy"), np.array([2**53 + 2]))
np.savez(path("stored.npz"), first=np.arange(4.0), second=np.eye(3, dtype=np.float32))
np.savez_compressed(path("packed.npz"), first=np.arange(4.0), second=np.eye(3, dtype=np.float32), zeros=np.zeros(5000))
