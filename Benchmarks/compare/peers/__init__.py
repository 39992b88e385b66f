"""arssr beside PyTorch, ONNX Runtime and OpenVINO: same weights, same input, same cores.

`python -m peers --help`, or the targets compare-* of the Makefile. Sizes of volumes are given as in
NIfTI, (i, j, k); arrays are indexed [k][j][i].
"""
