"""The ArSSR networks in PyTorch, with our own code and the tensor names of the checkpoints."""
