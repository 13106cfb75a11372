"""Recognisers made ready for onnxruntime: read from the form in which they are published, and rewritten for speed."""

INPUT = "faces"
"""What every prepared graph takes: RGB float32 (n, 3, side, side) from 0 to 255."""

PREPARATION = "1"
"""Changed whenever the rewriting changes, so that what an older version prepared is prepared again."""


def prepared(file: str, data: bytes) -> bytes:
    """The ready graph from the bytes of a published file of that name. Raises ValueError where it cannot be read."""
    import onnx  # heavy, and only installing needs it

    from services.matcher.graphs import dlib, tflite, tidy

    readers = {".onnx": onnx.load_model_from_string, ".tflite": tflite.mobilefacenet, ".dat": dlib.resnet}
    read = readers[file[file.rindex(".") :]]
    return bytes(tidy.tidied(read(data)).SerializeToString())
