"""The codec, the transformer and its adapters: tensors in, tensors out, no files."""
